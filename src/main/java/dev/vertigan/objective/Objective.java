package dev.vertigan.objective;

/// The value functions of Goodfellow et al. 2014, on logits a = D(x) before the sigmoid, each as a loss to minimise for one sample.
///
/// With σ(a) the probability that x is real: log σ(a) = −softplus(−a) and log(1 − σ(a)) = −softplus(a), which never overflow.
public enum Objective {

    /// G minimises log(1 − D(G(z))), equation 1.
    MINIMAX {
        @Override
        public double generatorLoss(double logit) {
            return -softplus(logit);
        }

        @Override
        public double generatorSlope(double logit) {
            return -sigmoid(logit);
        }
    },

    /// G maximises log D(G(z)), section 3: the same fixed point, stronger gradients early on.
    NON_SATURATING {
        @Override
        public double generatorLoss(double logit) {
            return softplus(-logit);
        }

        @Override
        public double generatorSlope(double logit) {
            return -sigmoid(-logit);
        }
    };

    /// G's loss on one fake, nats.
    public abstract double generatorLoss(double logit);

    /// ∂[#generatorLoss]/∂logit.
    public abstract double generatorSlope(double logit);

    /// D's loss on one real, nats: cross-entropy against `target`, which is 1, or below for one-sided label smoothing
    /// (Salimans et al. 2016, section 3.4).
    public double realLoss(double logit, double target) {
        return softplus(logit) - target * logit;
    }

    /// ∂[#realLoss]/∂logit.
    public double realSlope(double logit, double target) {
        return sigmoid(logit) - target;
    }

    /// D's loss on one fake, nats.
    public double fakeLoss(double logit) {
        return softplus(logit);
    }

    /// ∂[#fakeLoss]/∂logit.
    public double fakeSlope(double logit) {
        return sigmoid(logit);
    }

    /// log(1 + eᵃ).
    public static double softplus(double a) {
        return Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
    }

    /// 1 / (1 + e⁻ᵃ).
    public static double sigmoid(double a) {
        double e = Math.exp(-Math.abs(a));
        return (a >= 0 ? 1 : e) / (1 + e);
    }
}
