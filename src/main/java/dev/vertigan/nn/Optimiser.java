package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.Map;

/// Applies a gradient to weights. Holds the moments; all else comes with every step, so schedules and edits may change it.
public sealed interface Optimiser {

    /// One update.
    ///
    /// @param squares see [Kernels#momentumStep]
    void step(Parameters weights, Parameters gradients, Step step, Tensor squares);

    /// Moments by kind and name, for checkpoints.
    Map<String, Parameters> moments();

    /// What an update is made with.
    ///
    /// @param t its number, from 1
    /// @param rate its learning rate
    /// @param momentum for [Momentum]
    /// @param beta1 for [Adam], as are beta2 and epsilon
    record Step(long t, double rate, double momentum, double beta1, double beta2, double epsilon) {}

    /// SGD with classical momentum (Sutskever et al. 2013, eq. 1–2).
    record Momentum(Kernels kernels, Parameters velocity) implements Optimiser {

        @Override
        public void step(Parameters weights, Parameters gradients, Step step, Tensor squares) {
            kernels.momentumStep(weights.flat(), gradients.flat(), velocity.flat(), (float) step.rate, (float) step.momentum, squares);
        }

        @Override
        public Map<String, Parameters> moments() {
            return Map.of("velocity", velocity);
        }
    }

    /// Adam (Kingma & Ba 2015).
    record Adam(Kernels kernels, Parameters m, Parameters v) implements Optimiser {

        @Override
        public void step(Parameters weights, Parameters gradients, Step step, Tensor squares) {
            kernels.adamStep(weights.flat(), gradients.flat(), m.flat(), v.flat(), (float) step.rate, (float) step.beta1, (float) step.beta2,
                    (float) step.epsilon, step.t, squares);
        }

        @Override
        public Map<String, Parameters> moments() {
            return Map.of("m", m, "v", v);
        }
    }
}
