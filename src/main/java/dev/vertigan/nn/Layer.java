package dev.vertigan.nn;

import dev.vertigan.tensor.Tensor;
import java.util.function.BiConsumer;

/// One layer of a trace: bound to its parameters, with scratch memory of its own. Forward, then any number of passes over what forward left.
///
/// Tensors returned belong to the layer and hold until its next pass in the same direction; tensors handed in must stay
/// as they are until the passes are done.
interface Layer {

    /// `x[n, in...]` → `y[n, out...]`, n at most the trace's capacity.
    Tensor forward(Tensor x, Pass pass);

    /// From `dy[n, out...]`, the gradient at the outputs, which is overwritten: computes what [#inputGradient] needs and the parameters'
    /// gradients if wanted. A layer that does not learn may get the rows alone that [#inputGradient] will be asked for.
    void backward(Tensor dy, GradientTarget into);

    /// The gradient at rows [from, from + count) of the last forward pass' input, `[count, in...]`, after [#backward].
    Tensor inputGradient(long from, long count);

    /// `t[n, in...]`, a tangent at the inputs → the tangent at the outputs, `[n, out...]`.
    Tensor push(Tensor t);

    /// The parameters' part of [Trace#gradient], after a [#backward] of all rows and a [#push]; uses up what they left.
    default void gradient(Tensor s, Tensor w, GradientTarget into) {}

    /// Names what the layers within it gave in the last pass forward.
    default void outputs(BiConsumer<String, Tensor> each) {}

    /// Whether it has anything to learn; else it only passes gradients on.
    default boolean learns() {
        return true;
    }
}
