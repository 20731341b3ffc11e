package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.Map;

/// Applies a gradient to a network's weights. Holds the moments; the rate comes with every step, so schedules and people may change it.
public sealed interface Optimiser {

    /// One update.
    ///
    /// @param t the number of this update, from 1
    /// @param rate the learning rate of this update
    /// @param momentum of this update, for [Momentum]
    /// @param squares see [Kernels#momentumStep]
    void step(Network network, long t, double rate, double momentum, Tensor squares);

    /// Moments by kind and name, for checkpoints.
    Map<String, Parameters> moments();

    /// SGD with classical momentum (Sutskever et al. 2013, eq. 1–2).
    record Momentum(Kernels kernels, Parameters velocity) implements Optimiser {

        @Override
        public void step(Network network, long t, double rate, double momentum, Tensor squares) {
            kernels.momentumStep(network.weights().flat(), network.gradients().flat(), velocity.flat(), (float) rate, (float) momentum, squares);
        }

        @Override
        public Map<String, Parameters> moments() {
            return Map.of("velocity", velocity);
        }
    }

    /// Adam (Kingma & Ba 2015).
    record Adam(Kernels kernels, Parameters m, Parameters v, double beta1, double beta2, double epsilon) implements Optimiser {

        @Override
        public void step(Network network, long t, double rate, double momentum, Tensor squares) {
            kernels.adamStep(network.weights().flat(), network.gradients().flat(), m.flat(), v.flat(), (float) rate, (float) beta1,
                    (float) beta2, (float) epsilon, t, squares);
        }

        @Override
        public Map<String, Parameters> moments() {
            return Map.of("m", m, "v", v);
        }
    }
}
