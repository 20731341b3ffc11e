package dev.vertigan.objective;

import dev.vertigan.config.Choice;

/// The value functions of Goodfellow et al. 2014, on logits a = D(x) before the sigmoid, each as a loss to minimise for one sample.
///
/// With σ(a) the probability that x is real: log σ(a) = −softplus(−a) and log(1 − σ(a)) = −softplus(a), which never overflow.
public enum Objective {

    /// G minimises log(1 − D(G(z))), equation 1.
    MINIMAX {
        @Override
        public double generatorLoss(Logit logit) {
            return -logit.softplus();
        }

        @Override
        public double generatorSlope(Logit logit) {
            return -logit.probability();
        }
    },

    /// G maximises log D(G(z)), section 3: the same fixed point, stronger gradients early on.
    NON_SATURATING {
        @Override
        public double generatorLoss(Logit logit) {
            return logit.softplusOfNegative();
        }

        @Override
        public double generatorSlope(Logit logit) {
            return -logit.complement();
        }
    };

    /// The objective of a configuration.
    public static Objective of(Choice.Objective choice) {
        return switch (choice) {
            case MINIMAX -> MINIMAX;
            case NON_SATURATING -> NON_SATURATING;
        };
    }

    /// G's loss on one fake, nats.
    public abstract double generatorLoss(Logit logit);

    /// ∂[#generatorLoss]/∂logit.
    public abstract double generatorSlope(Logit logit);

    /// D's loss on one real, nats: cross-entropy against `target`, which is 1, or below for one-sided label smoothing
    /// (Salimans et al. 2016, section 3.4).
    public double realLoss(Logit logit, double target) {
        return logit.softplus() - target * logit.value();
    }

    /// ∂[#realLoss]/∂logit.
    public double realSlope(Logit logit, double target) {
        return logit.probability() - target;
    }

    /// D's loss on one fake, nats.
    public double fakeLoss(Logit logit) {
        return logit.softplus();
    }

    /// ∂[#fakeLoss]/∂logit.
    public double fakeSlope(Logit logit) {
        return logit.probability();
    }
}
