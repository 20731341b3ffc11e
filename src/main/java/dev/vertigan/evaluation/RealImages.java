package dev.vertigan.evaluation;

import java.util.List;
import java.util.Optional;

/// Real images as samples are held against them.
///
/// @param rows features of images trained on, as many as samples will be measured, `[n][features]`
/// @param manifold of the first of them; empty if they are too few
/// @param diversity of their minibatches
/// @param memory of what was trained on; empty if nothing is held out that nearness could be held against
/// @param parzen by held-out images; empty if there are none, or they have too many pixels
/// @param confusion of held-out images by their own classes; empty if they have none, or were not seen yet
record RealImages(List<double[]> rows, Moments moments, Optional<Manifold> manifold, double diversity, Optional<Memory> memory,
        Optional<ParzenWindow> parzen, Optional<Confusion> confusion) {

    private static final int MOST_NEIGHBOURS = 10_000; // vectors; time goes with their square

    static RealImages of(List<double[]> rows, Optional<Memory> memory, Optional<ParzenWindow> parzen, Patience patience) {
        var some = rows.subList(0, Math.min(rows.size(), MOST_NEIGHBOURS));
        return new RealImages(rows, patience.apart(() -> Moments.of(rows.toArray(double[][]::new))),
                Manifold.fits(some.size()) ? Optional.of(Manifold.of(some, patience)) : Optional.empty(), Diversity.of(rows), memory, parzen,
                Optional.empty());
    }

    /// For held-out images, which are what its figure is of.
    RealImages withoutParzen() {
        return new RealImages(rows, moments, manifold, diversity, memory, Optional.empty(), confusion);
    }

    /// The same with what held-out images were named.
    RealImages with(Optional<Confusion> heldOut) {
        return new RealImages(rows, moments, manifold, diversity, memory, parzen, heldOut);
    }
}
