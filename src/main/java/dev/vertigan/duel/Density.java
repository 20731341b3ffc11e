package dev.vertigan.duel;

import dev.vertigan.data.Mixture;

/// Probability densities on the line.
final class Density {

    private static final double NORMAL_PEAK = 1 / Math.sqrt(2 * Math.PI);
    private static final double REACH = 5; // deviations, beyond which a normal density is nothing
    private static final double WIDTH = 0.53; // half of Silverman's 1.06, which is meant for one mode

    private Density() {}

    /// A mixture's exact density.
    ///
    /// @param x places
    static double[] of(Mixture.Modes modes, double[] x) {
        double[] density = new double[x.length];
        for (double[] centre : modes.centres()) {
            addNormal(density, x, centre[0], modes.deviation(), 1.0 / modes.centres().length);
        }
        return density;
    }

    /// The density that samples were drawn from, estimated with a normal kernel no narrower than the places' distance.
    static double[] of(float[] samples, double[] x) {
        double mean = 0;
        double squares = 0;
        for (float sample : samples) {
            mean += sample / (double) samples.length;
            squares += (double) sample * sample / samples.length;
        }
        double deviation = Math.sqrt(Math.max(0, squares - mean * mean));
        double width = Math.max(WIDTH * deviation * Math.pow(samples.length, -0.2), x[1] - x[0]);
        double[] density = new double[x.length];
        for (float sample : samples) {
            addNormal(density, x, sample, width, 1.0 / samples.length);
        }
        return density;
    }

    private static void addNormal(double[] density, double[] x, double centre, double deviation, double weight) {
        double step = x[1] - x[0];
        int first = (int) Math.clamp(Math.ceil((centre - REACH * deviation - x[0]) / step), 0, x.length);
        int end = (int) Math.clamp(Math.floor((centre + REACH * deviation - x[0]) / step) + 1, 0, x.length);
        for (int i = first; i < end; i++) {
            double distance = (x[i] - centre) / deviation;
            density[i] += weight * NORMAL_PEAK / deviation * Math.exp(-distance * distance / 2);
        }
    }
}
