package dev.vertigan.game;

import dev.vertigan.game.LayerFigures.Rows;
import dev.vertigan.nn.Parameters;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Looks at what a turn did to a player's layers. It keeps the weights of before, and changes nothing.
final class Probe {

    /// Numbers of a tensor looked at.
    private static final int PLACES = 8192;

    private final Parameters before;

    Probe(Parameters weights, Kernels kernels) {
        before = weights.alike(kernels);
    }

    /// Keeps the weights as they are.
    void keep(Parameters weights) {
        before.flat().segment().copyFrom(weights.flat().segment());
    }

    /// @param outputs names the layers' outputs
    LayerFigures look(Parameters weights, Parameters gradients, Consumer<BiConsumer<String, Tensor>> outputs) {
        var activations = new ArrayList<Tensor>();
        outputs.accept((_, output) -> activations.add(output));
        var after = List.copyOf(weights.views().values());
        var earlier = List.copyOf(before.views().values());
        float[] ratios = new float[after.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = ratio(some(earlier.get(i)), some(after.get(i)));
        }
        return new LayerFigures(rows(after), rows(gradients.views().values()), rows(activations), ratios);
    }

    /// A tensor's numbers, or evenly spaced ones.
    private static double[] some(Tensor tensor) {
        long size = tensor.size();
        double[] values = new double[(int) Math.min(size, PLACES)];
        var segment = tensor.segment();
        for (int i = 0; i < values.length; i++) {
            long at = i * size / values.length;
            values[i] = switch (tensor.type()) {
                case FLOAT32 -> segment.getAtIndex(ValueLayout.JAVA_FLOAT, at);
                case FLOAT64 -> segment.getAtIndex(ValueLayout.JAVA_DOUBLE, at);
            };
        }
        return values;
    }

    private static float ratio(double[] earlier, double[] after) {
        double moved = 0;
        double size = 0;
        for (int i = 0; i < earlier.length; i++) {
            moved += (after[i] - earlier[i]) * (after[i] - earlier[i]);
            size += earlier[i] * earlier[i];
        }
        return size == 0 ? Float.NaN : (float) Math.sqrt(moved / size);
    }

    private static Rows rows(Collection<Tensor> tensors) {
        float[] figures = new float[tensors.size() * Rows.FIGURES];
        float[] histograms = new float[tensors.size() * Rows.BINS];
        int row = 0;
        for (var tensor : tensors) {
            describe(some(tensor), figures, row * Rows.FIGURES, histograms, row * Rows.BINS);
            row++;
        }
        return new Rows(figures, histograms);
    }

    private static void describe(double[] values, float[] figures, int at, float[] histograms, int from) {
        double sum = 0;
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            sum += value;
            low = Math.min(low, value);
            high = Math.max(high, value);
        }
        double mean = sum / values.length;
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        figures[at] = (float) mean;
        figures[at + 1] = (float) Math.sqrt(squares / values.length);
        figures[at + 2] = (float) low;
        figures[at + 3] = (float) high;
        if (!(high > low) || !Double.isFinite(high - low)) {
            return; // all alike, or not to be counted
        }
        float most = 0;
        for (double value : values) {
            int bin = from + (int) Math.min(Rows.BINS - 1, Rows.BINS * (value - low) / (high - low));
            most = Math.max(most, ++histograms[bin]);
        }
        for (int bin = from; bin < from + Rows.BINS; bin++) {
            histograms[bin] /= most;
        }
    }
}
