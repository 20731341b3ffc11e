package dev.vertigan.values;

import java.util.List;
import java.util.Optional;

/// What is asked of G about latents of a person's choice; it is drawn by a copy of G as it is at that moment, also while the run rests, or as it
/// was at a step that is visited.
///
/// @param <R> the answer
public sealed interface ExploreRequest<R extends Record> extends Request<R> {

    /// Asks what there is to explore.
    record GetLatents() implements ExploreRequest<LatentSpace> {}

    /// @param pictured latents that the run's pictures are drawn from; there are more
    /// @param size values in each
    /// @param normal whether they are normally distributed, else uniformly in a cube
    /// @param classes that G knows; 0 = it does not look at them
    /// @param training samples that it may be held against
    record LatentSpace(int pictured, int size, boolean normal, int classes, long training) {}

    /// Asks for samples of latents `x · a + y · b` (`at`), or of those on the way from a to b (`steps`).
    ///
    /// @param a a latent's number, counted from 0 as in the run's pictures
    /// @param at x and y of each sample, one after the other; not used if there are steps
    /// @param steps samples on the way, both ends included; 0 = `at` says where
    /// @param averaged whether by the moving average of G's weights, else by the weights themselves
    /// @param only the class that all are of; empty = that of a
    /// @param truncation largest coordinate of a and b, larger ones being drawn again; empty = no limit
    /// @param past turns completed by the G that draws, which must be the step visited last; empty = G as it is now
    record Explore(long a, long b, List<Double> at, int steps, boolean averaged, Optional<Integer> only, Optional<Double> truncation,
            Optional<Long> past) implements ExploreRequest<Explored> {

        public Explore {
            at = List.copyOf(at);
        }

        /// Samples wanted.
        public int count() {
            return steps > 0 ? steps : at.size() / 2;
        }
    }

    record Explored(Picture picture) {}

    /// Asks for the training sample that is nearest to the first of some samples.
    record FindNearest(Explore of) implements ExploreRequest<Nearest> {}

    /// @param index of the training sample
    /// @param label its class; 0 if there are none
    /// @param distance root mean square of the differences of values
    /// @param searched training samples that were looked at, at random
    record Nearest(long index, int label, double distance, long searched, long training, Picture picture) {}
}
