package dev.vertigan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Window;
import java.util.Set;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class KernelProfileTest {

    @AutoClose
    private final Kernels kernels = Backend.open(Choice.Kernels.AUTO, 1);

    private final KernelProfile profile = new KernelProfile();
    private final Kernels watched = profile.watch(kernels);

    @Test
    void theThreeProductsOfALayerAreTheSameArithmetic() {
        var x = kernels.allocate(3, 5);
        var weight = kernels.allocate(5, 7);
        var y = kernels.allocate(3, 7);
        var turn = profile.of(() -> {
            watched.matmul(x, false, weight, false, y, false);
            watched.matmul(y, false, weight, true, x, false);
            watched.matmul(x, true, y, false, weight, true);
        }, 1);
        assertEquals(3 * 2 * 3 * 5 * 7, turn.flops());
    }

    @Test
    void theThreeConvolutionsOfALayerAreTheSameArithmetic() {
        var window = Window.centred(4, 4, 2);
        var large = kernels.allocate(2, 8, 6, 3);
        var small = kernels.allocate(2, 4, 3, 5);
        var weight = kernels.allocate(4, 4, 3, 5);
        var turn = profile.of(() -> {
            watched.convolve(large, weight, window, small);
            watched.convolveActivate(large, weight, window, kernels.allocate(5), Activation.RELU, small);
            watched.convolveTransposed(small, weight, window, large);
            watched.convolveWeightGradient(large, small, window, weight, false);
        }, 1);
        assertEquals(4 * 2 * (2 * 4 * 3) * (4 * 4) * (3 * 5), turn.flops());
    }

    @Test
    void arithmeticIsATurns() {
        var side = kernels.allocate(4, 4);
        var turn = profile.of(() -> watched.matmul(side, false, kernels.allocate(4, 4), false, kernels.allocate(4, 4), false), 2);
        assertEquals(2 * 4 * 4 * 4 / 2.0, turn.flops());
    }

    @Test
    void sharesAreOfTheKernelsCalledAndAddUpToOne() {
        var x = kernels.allocate(64, 64);
        watched.copy(kernels.allocate(64, 64), x); // before: not counted
        var turn = profile.of(() -> watched.biasActivate(x, kernels.allocate(64), Activation.RELU), 1);
        assertEquals(Set.of("biasActivate", "other"), turn.shares().keySet());
        assertEquals(1, turn.shares().values().stream().mapToDouble(Double::doubleValue).sum(), 1e-9);
        assertTrue(turn.shares().values().stream().allMatch(share -> share > 0), turn.shares()::toString);
    }

    @Test
    void whatAKernelThrowsArrivesAsItIs() {
        assertThrows(IllegalArgumentException.class, () -> watched.add(kernels.allocate(2), kernels.allocate(3)));
    }
}
