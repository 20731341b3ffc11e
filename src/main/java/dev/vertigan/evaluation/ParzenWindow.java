package dev.vertigan.evaluation;

import java.util.Arrays;
import java.util.List;

/// The log-likelihood of held-out data under a Gaussian window about each sample, whose width is chosen by other held-out data: the figure of
/// Goodfellow et al. 2014, section 5, in nats.
///
/// @param validation what the width is chosen by, `[n][d]`
/// @param test what the figure is of, `[n][d]`
record ParzenWindow(List<double[]> validation, List<double[]> test) {

    private static final double[] WIDTHS = new double[10];

    static {
        Arrays.setAll(WIDTHS, i -> Math.pow(10, i / 9.0 - 1)); // 0.1 to 1, as in the paper's code
    }

    int dimensions() {
        return test.getFirst().length;
    }

    /// @param samples `[n][d]`
    double logLikelihood(List<double[]> samples, Patience patience) {
        var cloud = Cloud.of(samples);
        double[] means = means(cloud, validation, WIDTHS, patience);
        int best = 0;
        for (int i = 1; i < means.length; i++) {
            best = means[i] > means[best] ? i : best;
        }
        return means(cloud, test, new double[] {WIDTHS[best]}, patience)[0];
    }

    /// The mean of log p(x) by each width: `log 1/n Σ exp(−‖x − s‖²/2σ²) − d/2 · log 2πσ²`.
    private static double[] means(Cloud cloud, List<double[]> places, double[] widths, Patience patience) {
        double[] means = new double[widths.length];
        cloud.squaredDistances(places, patience, (_, squares) -> {
            double least = Arrays.stream(squares).min().orElseThrow();
            for (int i = 0; i < widths.length; i++) {
                double variance = widths[i] * widths[i];
                double sum = 0;
                for (double square : squares) {
                    sum += Math.exp((least - square) / (2 * variance));
                }
                means[i] += (Math.log(sum / cloud.size()) - least / (2 * variance) - cloud.dimensions() / 2.0 * Math.log(2 * Math.PI * variance))
                        / places.size();
            }
        });
        return means;
    }
}
