package dev.vertigan.tensor.cuda;

import dev.vertigan.cuda.CommandQueue;
import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Tensor;

/// Sums over the rows of tensors `[n.., c]` on a card, and batch norm, which is made of them: one pass over the values each time.
final class CudaChannelSums implements AutoCloseable {

    private static final int MOMENTS = 3; // of a share's values: how many, their mean, the sum of their squared deviations
    private static final int SUMS = 2;
    private static final int MOST_TICKETS = 1 << 16; // columns of blocks

    private final CommandQueue queue;
    private final CudaCall call;
    private final CudaScratch partial;
    private final CudaScratch means;
    private final long tickets;

    CudaChannelSums(CommandQueue queue, CudaCall call) {
        this.queue = queue;
        this.call = call;
        partial = new CudaScratch(queue);
        means = new CudaScratch(queue);
        tickets = queue.allocate((long) MOST_TICKETS * Integer.BYTES);
        call.to("fill").number(MOST_TICKETS).writes(tickets, (long) MOST_TICKETS * Integer.BYTES).number(0f).each(MOST_TICKETS);
    }

    /// `dy` times the activation's slope, in place, and `dbias[c]` = its sums over n.., added to it if `accumulate`.
    void activateBackwardBias(Tensor y, Tensor dy, Activation activation, Tensor dbias, boolean accumulate) {
        var columns = CudaColumns.summed(dy);
        call.to("activateBackwardBias").number(columns.rows()).number(columns.channels()).reads("y", y).updates("dy", dy).activation(activation)
                .writes("dbias", dbias, accumulate).number(accumulate ? 1 : 0);
        sum(columns, 1);
    }

    /// Mean and variance of each channel.
    void statistics(Tensor x, Tensor mean, Tensor variance) {
        var columns = CudaColumns.summed(x);
        call.to("batchStatistics").number(columns.rows()).number(columns.channels()).reads("x", x).writes("mean", mean)
                .writes("variance", variance);
        sum(columns, MOMENTS);
    }

    /// See [Kernels#batchNormBackward].
    void batchNormBackward(Tensor x, Tensor y, Tensor dy, Tensor gamma, float epsilon, Activation activation, Tensor mean, Tensor variance,
            Tensor dx, Tensor dgamma, Tensor dbeta, boolean accumulate) {
        var columns = CudaColumns.summed(x);
        long meansBytes = (long) SUMS * columns.channels() * Float.BYTES;
        long meansAt = means.bytes(meansBytes);
        call.to("normaliseSums").number(columns.rows()).number(columns.channels()).reads("x", x).reads("y", y).updates("dy", dy).number(epsilon)
                .activation(activation).reads("mean", mean).reads("variance", variance).writes("dgamma", dgamma, accumulate)
                .writes("dbeta", dbeta, accumulate).number(accumulate ? 1 : 0).writes(meansAt, meansBytes);
        sum(columns, SUMS);
        call.to("normaliseBackward").number(columns.rows()).number(columns.channels()).reads("x", x).reads("dy", dy).reads("gamma", gamma)
                .number(epsilon).reads("mean", mean).reads("variance", variance).reads(meansAt, meansBytes).writes("dx", dx);
        over(CudaColumns.of(x));
    }

    /// Runs the call by columns, if there are any.
    void over(CudaColumns columns) {
        if (columns.channels() > 0) {
            call.on(columns.gridX(), columns.gridY(), columns.blockX(), columns.blockY());
        }
    }

    private void sum(CudaColumns columns, int numbers) {
        long bytes = columns.partialBytes(numbers);
        call.writes(partial.bytes(bytes), bytes).writes(tickets, (long) columns.gridX() * Integer.BYTES);
        over(columns);
    }

    @Override
    public void close() {
        partial.close();
        means.close();
        queue.free(tickets);
    }
}
