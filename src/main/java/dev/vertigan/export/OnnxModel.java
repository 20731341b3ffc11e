package dev.vertigan.export;

import dev.vertigan.nn.Network;
import dev.vertigan.nn.Operations;
import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Resampling;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.Window;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A network as an ONNX model (onnx.ai, `onnx.proto3`; operator set 17): float32 in and out, any number of rows. Images are `[n, h, w, c]` as
/// everywhere here; where ONNX wants channels first they are transposed.
public final class OnnxModel implements Operations {

    private static final int IR_VERSION = 8;
    private static final int OPERATORS = 17;
    private static final int FLOAT = 1; // TensorProto.DataType
    private static final int INT64 = 7;
    private static final int ATTRIBUTE_FLOAT = 1; // AttributeProto.AttributeType
    private static final int ATTRIBUTE_INT = 2;
    private static final int ATTRIBUTE_STRING = 3;
    private static final int ATTRIBUTE_INTS = 7;
    private static final double[] HALVE = {0.125, 0.375, 0.375, 0.125}; // along one axis
    private static final String CLASS = "class";

    // Fields of GraphProto.
    private static final int NODE = 1;
    private static final int INITIALIZER = 5;

    private final Protobuf graph = new Protobuf();
    private int named;

    private OnnxModel() {}

    /// Writes a network.
    ///
    /// @param input the name of what comes in; beside it, if a layer looks at classes, is `class`, int64 `[n]`
    /// @param metadata what else a reader should know
    public static void write(Path file, Network network, String input, String output, Map<String, String> metadata) throws IOException {
        var model = new OnnxModel();
        String last = network.unroll(model, input);
        model.node("Identity", List.of(last), output);
        long[] in = network.inputShape();
        var graph = model.graph.put(2, input).put(11, value(input, FLOAT, in));
        if (network.architecture().classes() > 0) {
            graph.put(11, value(CLASS, INT64, new long[0]));
        }
        graph.put(12, value(output, FLOAT, network.outputShape()));
        var proto = new Protobuf().put(1, IR_VERSION).put(2, "VertiGAN").put(7, graph).put(8, new Protobuf().put(2, OPERATORS));
        metadata.forEach((key, text) -> proto.put(14, new Protobuf().put(1, key).put(2, text)));
        try (var unfinished = new Unfinished(file)) {
            unfinished.stream().write(proto.bytes());
            unfinished.finish();
        }
    }

    /// A ValueInfoProto of any number of samples of that shape.
    private static Protobuf value(String name, int type, long... shape) {
        var dimensions = new Protobuf().put(1, new Protobuf().put(2, "n"));
        for (long extent : shape) {
            dimensions.put(1, new Protobuf().put(1, extent));
        }
        return new Protobuf().put(1, name).put(2, new Protobuf().put(1, new Protobuf().put(1, type).put(2, dimensions)));
    }

    private String name() {
        return "v" + named++;
    }

    private String node(String operator, List<String> inputs, Protobuf... attributes) {
        return node(operator, inputs, name(), attributes);
    }

    private String node(String operator, List<String> inputs, String output, Protobuf... attributes) {
        var node = new Protobuf();
        inputs.forEach(input -> node.put(1, input));
        node.put(2, output).put(3, operator + " " + output).put(4, operator);
        for (var attribute : attributes) {
            node.put(5, attribute);
        }
        graph.put(NODE, node);
        return output;
    }

    private static Protobuf attribute(String name, long value) {
        return new Protobuf().put(1, name).put(3, value).put(20, ATTRIBUTE_INT);
    }

    private static Protobuf attribute(String name, float value) {
        return new Protobuf().put(1, name).put(2, value).put(20, ATTRIBUTE_FLOAT);
    }

    private static Protobuf attribute(String name, String value) {
        return new Protobuf().put(1, name).put(4, value).put(20, ATTRIBUTE_STRING);
    }

    private static Protobuf attribute(String name, long... values) {
        var attribute = new Protobuf().put(1, name);
        for (long value : values) {
            attribute.put(8, value);
        }
        return attribute.put(20, ATTRIBUTE_INTS);
    }

    private String floats(double[] values, long... shape) {
        var raw = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            raw.putFloat((float) value);
        }
        return initializer(FLOAT, raw.array(), shape);
    }

    private String whole(long... values) {
        var raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long value : values) {
            raw.putLong(value);
        }
        return initializer(INT64, raw.array(), values.length);
    }

    private String initializer(int type, byte[] raw, long... shape) {
        String name = name();
        var tensor = new Protobuf();
        for (long extent : shape) {
            tensor.put(1, extent);
        }
        graph.put(INITIALIZER, tensor.put(2, type).put(8, name).put(9, raw));
        return name;
    }

    private static double[] values(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.size())];
        Arrays.setAll(values, tensor::get);
        return values;
    }

    @Override
    public String product(String x, Tensor weight) {
        return node("MatMul", List.of(x, floats(values(weight), weight.shape())));
    }

    @Override
    public String rowOfClass(Tensor table) {
        return node("Gather", List.of(floats(values(table), table.shape()), CLASS), attribute("axis", 0));
    }

    @Override
    public String add(String x, String y) {
        return node("Add", List.of(x, y));
    }

    @Override
    public String multiply(String x, String y) {
        return node("Mul", List.of(x, y));
    }

    @Override
    public String constant(double... values) {
        return floats(values, values.length);
    }

    @Override
    public String activate(String x, Activation activation) {
        return switch (activation.kind()) {
            case LINEAR -> x;
            case RELU -> node("Relu", List.of(x));
            case LEAKY_RELU -> node("LeakyRelu", List.of(x), attribute("alpha", activation.slope()));
            case TANH -> node("Tanh", List.of(x));
            case SIGMOID -> node("Sigmoid", List.of(x));
        };
    }

    private String channelsFirst(String x) {
        return node("Transpose", List.of(x), attribute("perm", new long[] {0, 3, 1, 2}));
    }

    private String channelsLast(String x) {
        return node("Transpose", List.of(x), attribute("perm", new long[] {0, 2, 3, 1}));
    }

    /// Both kinds of weights are `[kh, kw, a, b]` here; a convolution has `[b, a, kh, kw]` there, from a to b, and a transposed one the same, from
    /// b to a.
    @Override
    public String convolve(String x, Tensor weight, Window window, boolean transposed) {
        long places = weight.extent(0) * weight.extent(1);
        long a = weight.extent(2);
        long b = weight.extent(3);
        double[] turned = new double[Math.toIntExact(weight.size())];
        for (long place = 0; place < places; place++) {
            for (long i = 0; i < a; i++) {
                for (long j = 0; j < b; j++) {
                    turned[Math.toIntExact((j * a + i) * places + place)] = weight.get((place * a + i) * b + j);
                }
            }
        }
        long padding = window.padding();
        return channelsLast(node(transposed ? "ConvTranspose" : "Conv",
                List.of(channelsFirst(x), floats(turned, b, a, weight.extent(0), weight.extent(1))),
                attribute("kernel_shape", new long[] {window.height(), window.width()}),
                attribute("strides", new long[] {window.stride(), window.stride()}),
                attribute("pads", new long[] {padding, padding, padding, padding})));
    }

    @Override
    public String resample(String x, boolean up, Resampling resampling, int channels) {
        String first = channelsFirst(x);
        boolean nearest = resampling == Resampling.NEAREST;
        return channelsLast(up ? enlarge(first, nearest) : nearest ? meanOfFour(first) : halve(first, channels));
    }

    private String enlarge(String x, boolean nearest) {
        var inputs = List.of(x, "", floats(new double[] {1, 1, 2, 2}, 4));
        return nearest
                ? node("Resize", inputs, attribute("mode", "nearest"), attribute("coordinate_transformation_mode", "asymmetric"),
                        attribute("nearest_mode", "floor"))
                : node("Resize", inputs, attribute("mode", "linear"), attribute("coordinate_transformation_mode", "half_pixel"));
    }

    private String meanOfFour(String x) {
        return node("AveragePool", List.of(x), attribute("kernel_shape", new long[] {2, 2}), attribute("strides", new long[] {2, 2}));
    }

    /// The adjoint of bilinear doubling, over four: each axis with weights 1/8, 3/8, 3/8, 1/8, the outermost pixels repeated.
    private String halve(String x, int channels) {
        String wider = node("Pad", List.of(x, whole(0, 0, 1, 1, 0, 0, 1, 1)), attribute("mode", "edge"));
        double[] kernel = new double[channels * HALVE.length * HALVE.length];
        Arrays.setAll(kernel, i -> HALVE[i / HALVE.length % HALVE.length] * HALVE[i % HALVE.length]);
        return node("Conv", List.of(wider, floats(kernel, channels, 1, HALVE.length, HALVE.length)), attribute("group", channels),
                attribute("kernel_shape", new long[] {HALVE.length, HALVE.length}), attribute("strides", new long[] {2, 2}));
    }

    @Override
    public String see(String x, long... shape) {
        return node("Reshape", List.of(x, whole(shape)));
    }

    @Override
    public String greatest(String x) {
        return node("ReduceMax", List.of(x), attribute("axes", new long[] {-1}), attribute("keepdims", 0));
    }

    @Override
    public String sumOfRow(String x) {
        return node("ReduceSum", List.of(x, whole(-1)), attribute("keepdims", 1));
    }

    @Override
    public String withDeviation(String x, double epsilon) {
        String off = node("Sub", List.of(x, node("ReduceMean", List.of(x), attribute("axes", new long[] {0}), attribute("keepdims", 1))));
        String variance = node("ReduceMean", List.of(node("Mul", List.of(off, off))), attribute("axes", new long[] {0}), attribute("keepdims", 1));
        String deviation = node("ReduceMean", List.of(node("Sqrt", List.of(add(variance, constant(epsilon))))), attribute("keepdims", 1));
        String zeros = multiply(node("ReduceMean", List.of(x), attribute("axes", new long[] {-1}), attribute("keepdims", 1)), constant(0));
        return node("Concat", List.of(x, add(zeros, deviation)), attribute("axis", -1));
    }
}
