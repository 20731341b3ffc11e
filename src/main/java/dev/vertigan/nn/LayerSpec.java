package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;

/// One layer as a line of the configuration describes it, as in `dense 256 leaky-relu 0.2`. Parsed by [LayerParser].
public sealed interface LayerSpec {

    /// `dense UNITS [activation]`: fully connected, with bias.
    record Dense(int units, Activation activation) implements LayerSpec {}

    /// `maxout UNITSxPIECES`: the largest of several linear pieces (Goodfellow et al. 2013).
    record Maxout(int units, int pieces) implements LayerSpec {}

    /// `dropout KEEP`: keeps each value with that probability and scales it by 1/keep (Srivastava et al. 2014), else zero.
    record Dropout(float keep) implements LayerSpec {}

    /// `batch-norm [activation]` (Ioffe & Szegedy 2015).
    record BatchNorm(Activation activation) implements LayerSpec {}

    /// `output [activation]`: dense, with as many units as the player must answer with.
    record Output(Activation activation) implements LayerSpec {}
}
