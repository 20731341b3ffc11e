package dev.vertigan.tensor.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Tensor;

/// More than a few calls that depend on each other, with other numbers each time they come.
final class RepeatedCalls {

    private static final int TURNS = 6;

    private final CudaKernels kernels;
    private final boolean waits;
    private final Tensor x;
    private final Tensor y;
    private final Tensor weight;
    private final Tensor bias;
    private final Tensor sum;

    /// @param waits after each call, so that nothing is replayed
    private RepeatedCalls(CudaKernels kernels, boolean waits) {
        this.kernels = kernels;
        this.waits = waits;
        x = kernels.allocate(20, 8);
        y = kernels.allocate(20, 8);
        weight = kernels.allocate(8, 8);
        bias = kernels.allocate(8);
        sum = kernels.allocate(20, 8);
    }

    /// Whether calls are replayed makes no difference.
    static void assertTheSame(CudaKernels one, CudaKernels another) {
        var expected = new RepeatedCalls(one, true);
        var found = new RepeatedCalls(another, false);
        for (int turn = 1; turn <= TURNS; turn++) {
            expected.play(turn);
            found.play(turn);
            assertEquals(-1, expected.sum.segment().mismatch(found.sum.segment()), "turn " + turn);
        }
    }

    private void play(int turn) {
        bias.set(turn, turn);
        for (int i = 0; i < 3; i++) {
            then(() -> kernels.normal(x, new Draw(1, 2, turn)));
            then(() -> kernels.uniform(weight, -1, turn, new Draw(1, 3, turn)));
            then(() -> kernels.matmul(x, false, weight, true, y, false));
            then(() -> kernels.biasActivate(y, bias, Activation.RELU));
            then(() -> kernels.activateBackwardBias(y, x, Activation.RELU, bias, true));
            then(() -> kernels.movingAverage(sum, y, 1f / turn));
            then(() -> kernels.add(x, sum));
            then(() -> kernels.copy(y, x));
            then(() -> kernels.multiply(x, y, x));
            then(() -> kernels.add(x, sum));
        }
    }

    private void then(Runnable call) {
        call.run();
        if (waits) {
            kernels.finish();
        }
    }
}
