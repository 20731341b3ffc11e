package dev.vertigan.run;

import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/// Things to store, as pure functions of a number.
final class Samples {

    private Samples() {}

    /// Numbers in [−1, 1) without a pattern. Quickly, since writers to be killed should be writing, not making things up.
    static Tensor tensor(long seed, ElementType type, long... shape) {
        Tensor tensor = Tensor.allocate(type, shape);
        for (long i = 0; i < tensor.size(); i++) {
            long mixed = (seed * 0x9e3779b97f4a7c15L + i + 1) * 0xbf58476d1ce4e5b9L;
            tensor.set(i, (mixed ^ mixed >>> 31) * 0x1p-63);
        }
        return tensor;
    }

    /// A checkpoint of about `4 · floats` bytes.
    static Checkpoint checkpoint(long step, int floats) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        tensors.put("discriminator.0.weight", tensor(step, ElementType.FLOAT32, 1, floats - floats / 3));
        tensors.put("generator.0.weight", tensor(step + 1, ElementType.FLOAT32, floats / 3));
        tensors.put("generator.steps", tensor(step + 2, ElementType.FLOAT64));
        return new Checkpoint(step, tensors, Map.of("note", "step " + step));
    }

    static Checkpoint checkpoint(long step) {
        return checkpoint(step, 30);
    }

    static Report report(long step) {
        var random = new Random(step);
        var values = new EnumMap<Metric, Double>(Metric.class);
        for (var metric : Metric.values()) {
            double value = random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300);
            if (step % (metric.ordinal() + 1) == 0) { // some are measured on some turns only
                values.put(metric, random.nextInt(8) == 0 ? Double.NaN : value);
            }
        }
        return new Report(step, 1_795_000_000_000L + step, values);
    }

    /// Same names, types, shapes and bits.
    static boolean same(SortedMap<String, Tensor> a, SortedMap<String, Tensor> b) {
        return a.keySet().equals(b.keySet()) && a.keySet().stream().allMatch(name -> a.get(name).toString().equals(b.get(name).toString())
                && a.get(name).segment().mismatch(b.get(name).segment()) < 0);
    }

    static boolean same(Checkpoint a, Checkpoint b) {
        return a.step() == b.step() && a.metadata().equals(b.metadata()) && same(a.tensors(), b.tensors());
    }
}
