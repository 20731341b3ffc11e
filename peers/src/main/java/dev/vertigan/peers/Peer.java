package dev.vertigan.peers;

/// A library that can play.
interface Peer {

    /// Builds both players, ready for their first turn.
    ///
    /// @throws Cannot if the library, or what is written for it here, cannot play that game
    Game open(Workload workload);

    /// A game as it is played.
    interface Game {

        /// Which library, in which version, and how it computes.
        String describe();

        /// Algorithm 1 of Goodfellow et al. 2014, once: D learns from a minibatch of reals and of fakes, then G from fresh noise.
        void turn();
    }

    /// What a peer is not able to do.
    final class Cannot extends RuntimeException {

        private static final long serialVersionUID = 1;

        Cannot(String why) {
            super(why);
        }
    }
}
