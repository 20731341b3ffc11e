package dev.vertigan.baseline;

import dev.vertigan.tensor.Tensor;

/// A generative model that learns from minibatches of pixels and then draws samples. Not thread-safe.
public sealed interface Baseline permits Vae, Rbm, Gsn, Nce {

    /// Learns from a minibatch.
    ///
    /// @param x `[batch, features]` in [0, 1]
    /// @return what [#measure] names
    double update(Tensor x);

    /// What [#update] returns, in nats a sample.
    String measure();

    /// The next samples, `[count, features]` in [0, 1]: each pixel's probability.
    float[] draw(int count);
}
