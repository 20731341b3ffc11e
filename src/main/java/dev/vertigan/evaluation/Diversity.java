package dev.vertigan.evaluation;

import java.util.List;

/// How far apart the samples of a minibatch are.
final class Diversity {

    private static final int BATCH = 64;

    private Diversity() {}

    /// The mean distance of two vectors among 64 that follow each other.
    ///
    /// @param rows `[n][d]`, two or more
    static double of(List<double[]> rows) {
        double[] sum = new double[1];
        long pairs = 0;
        for (int from = 0; from < rows.size(); from += BATCH) {
            var batch = rows.subList(from, Math.min(rows.size(), from + BATCH));
            Cloud.of(batch).squaredDistances(batch, Patience.ENDLESS, (i, squares) -> {
                for (int j = 0; j < i; j++) {
                    sum[0] += Math.sqrt(squares[j]);
                }
            });
            pairs += batch.size() * (batch.size() - 1L) / 2;
        }
        return sum[0] / pairs;
    }
}
