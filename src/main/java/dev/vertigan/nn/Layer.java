package dev.vertigan.nn;

import dev.vertigan.tensor.Tensor;

/// One layer bound to its parameters and scratch memory. Forward, then any number of backward passes over what forward left.
///
/// Tensors returned belong to the layer and hold until its next pass in the same direction; tensors handed in must stay
/// as they are until the backward passes are done.
interface Layer {

    /// `x[n, in...]` → `y[n, out...]`, n at most the network's capacity.
    Tensor forward(Tensor x, Pass pass);

    /// From `dy[n, out...]`, the gradient at the outputs, which is overwritten: computes what [#inputGradient] needs and, if `parameters`,
    /// the parameters' gradients (added to what is there if `accumulate`). A layer that does not learn may get the rows alone that
    /// [#inputGradient] will be asked for.
    void backward(Tensor dy, boolean parameters, boolean accumulate);

    /// The gradient at rows [from, from + count) of the last forward pass' input, `[count, in...]`, after [#backward].
    Tensor inputGradient(long from, long count);

    /// Whether it has anything to learn; else it only passes gradients on.
    default boolean learns() {
        return true;
    }

    /// Whether a sample's output depends on the other samples of its minibatch.
    default boolean crossSample() {
        return false;
    }
}
