package dev.vertigan.objective;

/// A logit a = D(x) before the sigmoid, with the one exponential that all losses and slopes at it share.
///
/// @param value a
/// @param e `e^−|a|`, in [0, 1]
public record Logit(double value, double e) {

    public static Logit of(double value) {
        return new Logit(value, Math.exp(-Math.abs(value)));
    }

    /// The probability that x is real: σ(a) = 1 / (1 + e⁻ᵃ).
    public double probability() {
        return (value >= 0 ? 1 : e) / (1 + e);
    }

    /// σ(−a) = 1 − σ(a), precise where that is small.
    double complement() {
        return (value >= 0 ? e : 1) / (1 + e);
    }

    /// log(1 + eᵃ) = −log σ(−a), nats.
    double softplus() {
        return Math.max(value, 0) + log();
    }

    /// log(1 + e⁻ᵃ) = −log σ(a), nats.
    double softplusOfNegative() {
        return Math.max(-value, 0) + log();
    }

    /// log(1 + e), with what the sum loses by rounding made good; [Math#log1p] is plain Java, and stood out in profiles of small games.
    private double log() {
        double sum = 1 + e;
        return Math.log(sum) + (e - (sum - 1)) / sum;
    }
}
