package dev.vertigan.peers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/// A player's network. Activations are computed in place, as `inplace=true` does in C++.
final class LibtorchNetwork {

    private static final double MOMENTUM = 0.1; // of the running statistics of batch norm
    private static final double EPSILON = 1e-5;
    private static final double DEVIATION = 0.02; // of first weights, as in DCGAN (Radford et al. 2016)
    private static final long[] ONE = {1, 1};
    private static final long[] NONE = {0, 0};

    private final MemoryFormat format;
    private final List<Tensor> parameters = new ArrayList<>();
    private final List<UnaryOperator<Tensor>> layers = new ArrayList<>();
    private long[] shape; // of a sample, channels first

    /// @param shape of what goes in, without the minibatch, channels first
    LibtorchNetwork(List<Line> lines, long[] shape, MemoryFormat format) {
        this.format = format;
        this.shape = shape;
        lines.forEach(this::add);
    }

    private void add(Line line) {
        switch (line) {
            case Line.Dense(int units, var activation) -> dense(units, activation);
            case Line.Convolution convolution -> convolution(convolution);
            case Line.BatchNorm(var activation) -> batchNorm(activation);
            case Line.Reshape(int height, int width, int channels) -> {
                shape = new long[] {channels, height, width};
                long[] view = {-1, channels, height, width};
                layers.add(x -> x.view(view).contiguous(format));
            }
        }
    }

    private void dense(int units, Line.Activation activation) {
        if (shape.length > 1) {
            shape = new long[] {shape[0] * shape[1] * shape[2]};
            long[] view = {-1, shape[0]};
            layers.add(x -> x.reshape(view));
        }
        var weight = weight(units, shape[0]);
        var bias = new TensorOptional(learned(torch.zeros(units)));
        layers.add(x -> torch.linear(x, weight, bias));
        activate(activation);
        shape = new long[] {units};
    }

    private void convolution(Line.Convolution line) {
        long k = line.kernel();
        long[] stride = {line.stride(), line.stride()};
        long[] padding = {line.padding(), line.padding()};
        var bias = new TensorOptional(learned(torch.zeros(line.channels())));
        if (line.transposed()) {
            var weight = weight(shape[0], line.channels(), k, k);
            layers.add(x -> torch.conv_transpose2d(x, weight, bias, stride, padding, NONE, 1, ONE));
            shape = new long[] {line.channels(), shape[1] * line.stride(), shape[2] * line.stride()};
        } else {
            var weight = weight(line.channels(), shape[0], k, k);
            layers.add(x -> torch.conv2d(x, weight, bias, stride, padding, ONE, 1));
            shape = new long[] {line.channels(), shape[1] / line.stride(), shape[2] / line.stride()};
        }
        activate(line.activation());
    }

    private void batchNorm(Line.Activation activation) {
        var gamma = new TensorOptional(learned(torch.ones(shape[0])));
        var beta = new TensorOptional(learned(torch.zeros(shape[0])));
        var mean = new TensorOptional(torch.zeros(shape[0]));
        var variance = new TensorOptional(torch.ones(shape[0]));
        layers.add(x -> torch.batch_norm(x, gamma, beta, mean, variance, true, MOMENTUM, EPSILON, false));
        activate(activation);
    }

    private void activate(Line.Activation activation) {
        switch (activation.name()) {
            case "linear" -> {}
            case "relu" -> layers.add(torch::relu_);
            case "tanh" -> layers.add(torch::tanh_);
            case "sigmoid" -> layers.add(torch::sigmoid_);
            case "leaky-relu" -> {
                var slope = new Scalar(activation.slope());
                layers.add(x -> torch.leaky_relu_(x, slope));
            }
            default -> throw new Peer.Cannot("no \"%s\" is written for it here".formatted(activation.name()));
        }
    }

    private Tensor weight(long... extents) {
        var weight = torch.randn(extents).mul_(new Scalar(DEVIATION));
        return learned(extents.length == 4 ? weight.contiguous(format) : weight);
    }

    private Tensor learned(Tensor parameter) {
        parameters.add(parameter.requires_grad_(true));
        return parameter;
    }

    List<Tensor> parameters() {
        return parameters;
    }

    Tensor forward(Tensor x) {
        for (var layer : layers) {
            x = layer.apply(x);
        }
        return x;
    }

    /// Whether a backward pass computes gradients of the weights.
    void learns(boolean yes) {
        for (var parameter : parameters) {
            parameter.set_requires_grad(yes);
        }
    }
}
