package dev.vertigan.peers;

import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;

/// Adam by libtorch's fused kernel, `at::_fused_adam_`: one pass over the weights where `torch::optim::Adam` makes ten. JavaCPP's bindings
/// leave it out, so it is called by its name.
final class FusedAdam {

    private static final Scalar ONE = new Scalar(1);

    private final OperatorHandle kernel = Dispatcher.singleton().findSchemaOrThrow("aten::_fused_adam_", "");
    private final List<Tensor> parameters;
    private final Tensor step = torch.zeros(new long[0]);
    private final IValue weights;
    private final IValue means;
    private final IValue variances;
    private final IValue none = list(List.of());
    private final IValue steps;
    private final List<IValue> options;

    FusedAdam(List<Tensor> parameters, Workload.Adam adam) {
        this.parameters = parameters;
        weights = list(parameters);
        means = list(parameters.stream().map(torch::zeros_like).toList());
        variances = list(parameters.stream().map(torch::zeros_like).toList());
        steps = list(parameters.stream().map(_ -> step).toList());
        options = List.of(new IValue(adam.rate()), new IValue(adam.beta1()), new IValue(adam.beta2()), new IValue(0.0), new IValue(adam.epsilon()),
                new IValue(false), new IValue(false), new IValue(), new IValue());
    }

    private static IValue list(List<Tensor> tensors) {
        var list = new GenericList(new Type.TypePtr(TensorType.get()));
        tensors.forEach(tensor -> list.push_back(new IValue(tensor)));
        return new IValue(list);
    }

    /// Applies the gradients that the backward pass left and forgets them.
    void step() {
        step.add_(ONE);
        var gradients = list(parameters.stream().map(Tensor::grad).toList());
        var arguments = Stream.concat(Stream.of(weights, gradients, means, variances, none, steps), options.stream()).toArray(IValue[]::new);
        kernel.callBoxed(new IValueVector(arguments));
        parameters.forEach(parameter -> parameter.mutable_grad().reset());
    }
}
