package dev.vertigan.evaluation;

import java.util.Arrays;
import java.util.List;

/// What was trained on, to see whether samples are copies of it: how near the nearest of it is, held against the same of held-out reals, as
/// such data are near to what was trained on without being copies (in the spirit of Meehan et al. 2020).
///
/// @param trained vectors of training samples
/// @param heldOut the mean distance of a held-out real from the nearest of them
record Memory(Cloud trained, double heldOut) {

    static final int ASKED = 1000; // vectors whose nearest is looked for

    /// @param heldOut vectors of held-out reals
    static Memory of(List<double[]> trained, List<double[]> heldOut, Patience patience) {
        var cloud = Cloud.of(trained);
        return new Memory(cloud, distance(cloud, heldOut, patience));
    }

    /// 1 = as near as held-out reals are, 0 = copies.
    double nearness(List<double[]> samples, Patience patience) {
        return distance(trained, samples, patience) / heldOut;
    }

    private static double distance(Cloud trained, List<double[]> vectors, Patience patience) {
        var asked = vectors.subList(0, Math.min(ASKED, vectors.size()));
        double[] sum = new double[1];
        trained.squaredDistances(asked, patience, (_, squares) -> sum[0] += Math.sqrt(Arrays.stream(squares).min().orElseThrow()));
        return sum[0] / asked.size();
    }
}
