package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.function.BiConsumer;

/// A forward pass over a network and what passes backward and along it need. Several may live at once, each with scratch memory of its own,
/// taken once and used again by the next [#forward].
///
/// Tensors returned belong to the trace and hold until its next pass in the same direction. Not thread-safe; traces with kernels of their own
/// may run at the same time while nobody changes the weights.
public final class Trace {

    private final Network network;
    private final Kernels kernels;
    private final SequenceLayer layers;
    private final Scratch ones; // [n, 1]
    private long rows;

    Trace(Network network, SequenceLayer layers, Kernels kernels, long capacity) {
        this.network = network;
        this.kernels = kernels;
        this.layers = layers;
        ones = new Scratch(kernels, capacity, 1);
    }

    /// `x[n, in]` → `y[n, out]`. x must stay as it is until the passes backward are done.
    public Tensor forward(Tensor x, Pass pass) {
        rows = x.extent(0);
        return layers.forward(x, pass);
    }

    /// Names what each layer gave in the last [#forward], by path: a block before the layers in it. To be looked at only.
    public void outputs(BiConsumer<String, Tensor> each) {
        layers.outputs(each);
    }

    /// Backpropagates `dy[n, out]` (overwritten) down to the first layer that learns, and computes the parameters' gradients if wanted.
    public void backward(Tensor dy, GradientTarget into) {
        layers.backward(dy, into);
    }

    /// The gradient at rows [from, from + count) of the inputs, `[count, in]`, after [#backward].
    public Tensor inputGradient(long from, long count) {
        return layers.inputGradient(from, count);
    }

    /// `v[n, in]` = ∂D/∂x, each row's gradient of its own logit: a pass backward of slope 1, which leaves at every layer the δ that
    /// [#gradient] needs. For a network with one output.
    public Tensor pull() {
        var slopes = ones.rows(rows);
        kernels.fill(slopes, 1);
        layers.backward(slopes, GradientTarget.NONE);
        return layers.inputGradient(0, rows);
    }

    /// `[n, out]`: the derivative of the outputs along `v[n, in]`, the tangent of this pass. It leaves at every layer the tangent t that
    /// [#gradient] needs. v must stay as it is until then.
    ///
    /// @throws IllegalStateException if the network is not `Architecture.piecewiseLinear`
    public Tensor push(Tensor v) {
        network.requirePiecewiseLinear();
        return layers.push(v);
    }

    /// After [#pull] and [#push]: the gradient of `Σᵢ s[i] · D(xᵢ) + w[i] · (∂D/∂xᵢ · vᵢ)`, v held constant. With v from [#pull], the second
    /// is that of `Σᵢ w[i]/2 · ‖∂D/∂xᵢ‖²`, as D is linear along each step. One product a layer: `Σᵢ δᵢ ⊗ (sᵢ · hᵢ + wᵢ · tᵢ)` of its inputs h
    /// and their tangents t; biases have no tangent. Uses up δ and t.
    ///
    /// @param s slopes, `[n]`
    /// @param w weights, `[n]`
    public void gradient(Tensor s, Tensor w, GradientTarget into) {
        layers.gradient(s, w, into);
    }
}
