package dev.vertigan.tensor;

import dev.vertigan.cuda.Device;
import dev.vertigan.cuda.Program;

/// Sums over the rows of tensors `[n.., c]` on a card, and batch norm, which is made of them. Tensors are given for their shape; what is
/// worked on are addresses on the card.
final class CudaChannelSums implements AutoCloseable {

    private static final int COLUMNS = 32; // of a block, as in kernels.cu
    private static final int ROWS = 8;
    private static final long ROWS_PER_SHARE = 128;
    private static final long MOST_SHARES = 128;

    private static final long NONE = 0;

    /// What is summed, in the order of kernels.cu.
    private enum Term { VALUE, SQUARED_DEVIATION, PRODUCT_WITH_NORMALISED }

    private final Program program;
    private final CudaScratch partial;
    private final CudaScratch means;

    CudaChannelSums(Device device, Program program) {
        this.program = program;
        partial = new CudaScratch(device);
        means = new CudaScratch(device);
    }

    /// `out[c]` = the sums of `x[n.., c]`, added to it if `accumulate`.
    void sum(Tensor shaped, long x, long out, boolean accumulate) {
        sums(Term.VALUE, shaped, x, NONE, NONE, NONE, 0, NONE, out, accumulate);
    }

    /// Mean and variance of each channel.
    void statistics(Tensor shaped, long x, long mean, long variance) {
        sums(Term.VALUE, shaped, x, NONE, NONE, NONE, 0, mean, NONE, false);
        sums(Term.SQUARED_DEVIATION, shaped, x, NONE, mean, NONE, 0, variance, NONE, false);
    }

    /// @param dy the gradient at the normalised value, before the activation
    void batchNormBackward(Tensor shaped, long x, long dy, long gamma, float epsilon, long mean, long variance, long dx, long dgamma, long dbeta,
            boolean accumulate) {
        long channels = channels(shaped);
        long meanGradient = means.bytes(2 * channels * Float.BYTES);
        long meanProduct = meanGradient + channels * Float.BYTES;
        sums(Term.VALUE, shaped, dy, NONE, NONE, NONE, 0, meanGradient, dbeta, accumulate);
        sums(Term.PRODUCT_WITH_NORMALISED, shaped, x, dy, mean, variance, epsilon, meanProduct, dgamma, accumulate);
        program.each("normaliseBackward", shaped.size(), channels, x, dy, gamma, epsilon, mean, variance, meanGradient, meanProduct, dx);
    }

    /// `average[c]` = the sums over the number of rows, `out[c]` = the sums, added to it if `accumulate`; either may be [#NONE].
    private void sums(Term term, Tensor shaped, long x, long dy, long mean, long variance, float epsilon, long average, long out,
            boolean accumulate) {
        long rows = Shapes.rows(shaped);
        long channels = channels(shaped);
        if (channels == 0) {
            return;
        }
        int shares = (int) Math.clamp(rows / ROWS_PER_SHARE, 1, MOST_SHARES);
        long parts = partial.bytes(shares * channels * Float.BYTES);
        program.run("channelSums", (int) ((channels + COLUMNS - 1) / COLUMNS), shares, COLUMNS, ROWS, rows, channels, term.ordinal(), x, dy, mean,
                variance, epsilon, parts);
        program.each("channelTotals", channels, shares, parts, 1f / Math.max(1, rows), average, out, accumulate ? 1 : 0);
    }

    private static long channels(Tensor shaped) {
        return shaped.extent(shaped.rank() - 1);
    }

    @Override
    public void close() {
        partial.close();
        means.close();
    }
}
