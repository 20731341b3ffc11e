package dev.vertigan.tensor;

/// The functions that losses are made of, each of one number t. [Loss] scales, shifts and weighs them.
public enum Curve {

    /// t
    LINEAR,

    /// log(1 + eᵗ), which never overflows; its derivative is σ(t)
    SOFTPLUS,

    /// max(0, t); its derivative at 0 is 0
    RELU,

    /// t²
    SQUARE,

    /// eᵗ
    EXP,

    /// σ(t) = 1 / (1 + e⁻ᵗ)
    SIGMOID,

    /// (√t − 1)² for t ≥ 0, with derivative 0 at t = 0: how far the length of a vector is from 1, from its square
    FROM_UNIT_LENGTH;

    /// Fills `out` with the function's value and its derivative at t.
    public void at(double t, double[] out) {
        switch (this) {
            case LINEAR -> set(out, t, 1);
            case SOFTPLUS -> softplus(t, out);
            case RELU -> set(out, Math.max(t, 0), t > 0 ? 1 : t <= 0 ? 0 : t);
            case SQUARE -> set(out, t * t, 2 * t);
            case EXP -> set(out, Math.exp(t), Math.exp(t));
            case SIGMOID -> sigmoid(t, out);
            case FROM_UNIT_LENGTH -> {
                double rest = Math.sqrt(t) - 1;
                set(out, rest * rest, t == 0 ? 0 : rest / (rest + 1));
            }
        }
    }

    private static void set(double[] out, double value, double derivative) {
        out[0] = value;
        out[1] = derivative;
    }

    /// Value and derivative share one exponential. The logarithm is log(1 + e), with what the sum loses by rounding made good; [Math#log1p]
    /// is plain Java, and stood out in profiles of small games.
    private static void softplus(double t, double[] out) {
        double e = Math.exp(-Math.abs(t));
        double sum = 1 + e;
        set(out, Math.max(t, 0) + (Math.log(sum) + (e - (sum - 1)) / sum), (t >= 0 ? 1 : e) / sum);
    }

    private static void sigmoid(double t, double[] out) {
        double e = Math.exp(-Math.abs(t));
        double sum = 1 + e;
        set(out, (t >= 0 ? 1 : e) / sum, e / (sum * sum));
    }
}
