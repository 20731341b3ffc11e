package dev.vertigan.tensor;

/// Names one stretch of random numbers: element `i` of a tensor filled from it is a pure function of (seed, stream, step, place), its place
/// being `from` rows and i elements: so the rows of a minibatch may be filled in parts.
///
/// @param seed the run's seed, the Philox key
/// @param stream what the numbers are for (a latent, a dropout layer, ...); each purpose has its own
/// @param step the turn they are for, or 0 for what is drawn once a run
/// @param from where the tensor's first row stands in the whole minibatch
public record Draw(long seed, int stream, long step, long from) {

    /// From the first row on.
    public Draw(long seed, int stream, long step) {
        this(seed, stream, step, 0);
    }

    /// The same numbers for a tensor whose first row is row `row` of the whole.
    public Draw from(long row) {
        return new Draw(seed, stream, step, row);
    }

    /// The place of a tensor's first element.
    public long first(Tensor out) {
        return from == 0 || out.size() == 0 ? 0 : from * (out.size() / out.extent(0));
    }
}
