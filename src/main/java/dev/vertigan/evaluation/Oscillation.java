package dev.vertigan.evaluation;

import java.util.OptionalDouble;

/// Finds a period in evenly spaced values: one whose autocorrelation, after a straight line was taken out, comes back to [#ALIKE] at a lag that
/// the values have seen four times, having been below −[#UNLIKE] on the way, and again to half of [#ALIKE] at twice that lag.
///
/// Noise does not: of 256 values without memory the autocorrelation at a lag has a deviation of 1/16. Nor does what only wanders: it has no
/// reason to come back twice.
///
/// Not thread-safe.
final class Oscillation {

    static final int WINDOW = 256;
    static final double ALIKE = 0.6;
    static final double UNLIKE = 0.4;

    private static final int EVERY = WINDOW / 8; // values between two looks
    private static final int FEWEST_PERIODS = 4;

    private final double amplitude;
    private final int group;
    private final double[] values = new double[WINDOW]; // a ring
    private long count; // of the values that were taken
    private double sum; // of a group that is not whole
    private int summed;
    private OptionalDouble period = OptionalDouble.empty();

    /// @param amplitude that a swing must have; √2 times the values' deviation
    /// @param group values of which the mean is taken first, to see longer periods
    Oscillation(double amplitude, int group) {
        this.amplitude = amplitude;
        this.group = group;
    }

    void reset() {
        count = 0;
        sum = 0;
        summed = 0;
        period = OptionalDouble.empty();
    }

    /// Takes the next value.
    ///
    /// @return the period by the newest look, in values
    OptionalDouble see(double value) {
        sum += value;
        if (++summed == group) {
            values[(int) (count++ % WINDOW)] = sum / group;
            sum = 0;
            summed = 0;
            if (count >= WINDOW && count % EVERY == 0) {
                period = period(straightened());
            }
        }
        return period.isPresent() ? OptionalDouble.of(period.getAsDouble() * group) : period;
    }

    /// The values, oldest first, less the line that fits them best.
    private double[] straightened() {
        double middle = (WINDOW - 1) / 2.0;
        double mean = 0;
        double slope = 0;
        var line = new double[WINDOW];
        for (int i = 0; i < WINDOW; i++) {
            line[i] = values[(int) ((count + i) % WINDOW)];
            mean += line[i] / WINDOW;
            slope += line[i] * (i - middle);
        }
        slope /= middle * (middle + 1) * (2 * middle + 1) / 3;
        for (int i = 0; i < WINDOW; i++) {
            line[i] -= mean + slope * (i - middle);
        }
        return line;
    }

    private OptionalDouble period(double[] line) {
        double variance = correlation(line, 0);
        if (!(Math.sqrt(2 * variance) >= amplitude)) {
            return OptionalDouble.empty();
        }
        int longest = WINDOW / FEWEST_PERIODS;
        double lowest = 0;
        int best = 0;
        double most = 0;
        for (int lag = 2; lag <= longest; lag++) {
            double r = correlation(line, lag) / variance;
            lowest = Math.min(lowest, r);
            if (lowest < -UNLIKE && r > most) {
                most = r;
                best = lag;
            } else if (most > ALIKE && r < 0) {
                break; // past the first peak
            }
        }
        if (most < ALIKE || best == longest || correlation(line, 2 * best) < ALIKE / 2 * variance) {
            return OptionalDouble.empty();
        }
        double before = correlation(line, best - 1) / variance;
        double after = correlation(line, best + 1) / variance;
        double bend = before - 2 * most + after;
        return OptionalDouble.of(best + (bend < 0 ? (before - after) / (2 * bend) : 0)); // the parabola's vertex
    }

    private static double correlation(double[] line, int lag) {
        double sum = 0;
        for (int i = lag; i < line.length; i++) {
            sum += line[i] * line[i - lag];
        }
        return sum / (line.length - lag);
    }
}
