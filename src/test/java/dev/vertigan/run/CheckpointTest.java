package dev.vertigan.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Tensor;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CheckpointTest {

    @ParameterizedTest
    @EnumSource
    void anyNonFiniteValueIsRefusedByName(ElementType type) {
        for (int size : new int[] {1, 2, 3, 8191, 8193, 20_001}) {
            Tensor tensor = Samples.tensor(size, type, size);
            for (int index : new int[] {0, size / 2, size - 1}) {
                for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                    double good = tensor.get(index);
                    tensor.set(index, bad);
                    var failure = assertThrows(NonFiniteValue.class, () -> checkpoint(tensor));
                    assertEquals("w 1204 " + index + " " + bad,
                            "%s %d %d %s".formatted(failure.tensor(), failure.step(), failure.index(), failure.value()));
                    tensor.set(index, good);
                }
            }
            checkpoint(tensor);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyFiniteValueIsAccepted(ElementType type) {
        double[] extremes = {Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MIN_NORMAL, 0.0, -0.0};
        for (double a : extremes) {
            for (double b : extremes) {
                Tensor tensor = Tensor.allocate(type, 2);
                tensor.set(0, a);
                tensor.set(1, b);
                checkpoint(tensor);
            }
        }
    }

    /// The hash is the weights' alone: neither the order they were put in, nor the step or metadata, change it.
    @Test
    void hashIsOfTheWeights() {
        var checkpoint = Samples.checkpoint(3);
        var backwards = new TreeMap<String, Tensor>(Comparator.reverseOrder());
        backwards.putAll(checkpoint.tensors());
        assertEquals(checkpoint.sha256(), new Checkpoint(4, backwards, Map.of()).sha256());
        var changed = new TreeMap<>(checkpoint.tensors());
        changed.put("generator.0.weight", changed.get("generator.0.weight").copy());
        changed.get("generator.0.weight").set(0, -changed.get("generator.0.weight").get(0));
        assertTrue(!checkpoint.sha256().equals(Safetensors.sha256(changed)));
    }

    private static Checkpoint checkpoint(Tensor tensor) {
        return new Checkpoint(1204, new TreeMap<>(Map.of("w", tensor)), Map.of());
    }
}
