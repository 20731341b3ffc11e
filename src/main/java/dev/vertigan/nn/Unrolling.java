package dev.vertigan.nn;

import dev.vertigan.tensor.Tensor;
import java.util.Arrays;

/// Tells a network's layers as plain operations, as they are without training: no dropout, batch norm with its running statistics.
///
/// @param weights by name
/// @param statistics by name
record Unrolling(Operations operations, Parameters weights, Parameters statistics) {

    /// @param x what comes in, of the shape that the first layer takes
    /// @return what comes out
    String sequence(Sequence layers, Shape in, Shape out, String x) {
        var shape = in;
        for (var layer : layers.layers()) {
            x = see(x, shape, layer.in());
            x = layer(layer, x);
            shape = layer.out();
        }
        return see(x, shape, out);
    }

    private String see(String x, Shape shape, Shape as) {
        return shape.equals(as) ? x : operations.see(x, as.minibatch(-1));
    }

    private String layer(PlacedLayer layer, String x) {
        String path = layer.path() + ".";
        return switch (layer.spec()) {
            case Dense dense -> operations.activate(dense(dense, path, x), dense.activation());
            case Maxout maxout -> {
                String pieces = biased(operations.product(x, weights.view(path + "weight")), path);
                yield operations.greatest(operations.see(pieces, -1, maxout.units(), maxout.pieces()));
            }
            case Dropout _ -> x;
            case BatchNorm norm -> operations.activate(norm.classes() == 0 ? normalise(path, x) : normaliseByClass(layer, path, x),
                    norm.activation());
            case Convolution convolution -> operations.activate(biased(operations.convolve(x, weights.view(path + "weight"), convolution.window(),
                    convolution.transposed()), path), convolution.activation());
            case Reshape reshape -> see(x, layer.in(), reshape.shape());
            case Resample resample -> operations.resample(x, resample.up(), resample.resampling(), layer.in().channels());
            case Scale scale -> operations.multiply(x, operations.constant(scale.factor()));
            case MinibatchDeviation _ -> operations.withDeviation(x, MinibatchDeviationLayer.EPSILON);
            case Residual residual -> operations.add(x, sequence(residual.body(), layer.in(), layer.in(), x));
            case Projection _ -> {
                String direction = operations.add(operations.rowOfClass(weights.view(path + "classes")), vector(weights.view(path + "weight")));
                yield biased(operations.sumOfRow(operations.multiply(x, direction)), path);
            }
        };
    }

    private String dense(Dense dense, String path, String x) {
        var weight = weights.view(path + "weight");
        long inputs = weight.extent(0) - dense.classes();
        String z = operations.product(x, weight.rows(0, inputs));
        return biased(dense.classes() == 0 ? z : operations.add(z, operations.rowOfClass(weight.rows(inputs, dense.classes()))), path);
    }

    private String biased(String z, String path) {
        return operations.add(z, vector(weights.view(path + "bias")));
    }

    private String normalise(String path, String x) {
        return affine(x, scaled(values(weights.view(path + "gamma")), path), path, values(weights.view(path + "beta")));
    }

    private String normaliseByClass(PlacedLayer layer, String path, String x) {
        double[] ones = new double[layer.in().channels()];
        Arrays.fill(ones, 1);
        String normalised = affine(x, scaled(ones, path), path, new double[ones.length]);
        String scaled = operations.multiply(normalised, ofClass(layer, path + "gamma"));
        return operations.add(scaled, ofClass(layer, path + "beta"));
    }

    /// `[n, c]`, or `[n, 1, 1, c]` for images.
    private String ofClass(PlacedLayer layer, String name) {
        String rows = operations.rowOfClass(weights.view(name));
        return layer.in().isImage() ? operations.see(rows, -1, 1, 1, layer.in().channels()) : rows;
    }

    /// `scale · (x − mean) + shift` as `scale · x + (shift − scale · mean)`.
    private String affine(String x, double[] scale, String path, double... shift) {
        double[] means = values(statistics.view(path + "running_mean"));
        double[] rest = new double[scale.length];
        Arrays.setAll(rest, i -> shift[i] - scale[i] * means[i]);
        return operations.add(operations.multiply(x, operations.constant(scale)), operations.constant(rest));
    }

    /// Over the running standard deviations.
    private double[] scaled(double[] gamma, String path) {
        double[] variances = values(statistics.view(path + "running_variance"));
        double[] scaled = new double[gamma.length];
        Arrays.setAll(scaled, i -> gamma[i] / Math.sqrt(variances[i] + BatchStatistics.EPSILON));
        return scaled;
    }

    private String vector(Tensor values) {
        return operations.constant(values(values));
    }

    private static double[] values(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.size())];
        Arrays.setAll(values, tensor::get);
        return values;
    }
}
