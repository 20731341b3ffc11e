package dev.vertigan.tensor.cuda;

import dev.vertigan.tensor.Shapes;
import dev.vertigan.tensor.Tensor;

/// How kernels that go by columns divide `[rows, channels]`: a thread has `LANES` neighbouring channels, or one where they do not come in fours,
/// and some of the rows.
///
/// @param gridX blocks side by side, which together have all channels
/// @param gridY blocks that share the rows
/// @param blockY a power of two, for sums
record CudaColumns(int rows, int channels, int gridX, int gridY, int blockX, int blockY) {

    private static final int LANES = 4;
    private static final int THREADS = 256; // of a block, at most
    private static final int SUMMING_THREADS = 512; // as in kernels.cu
    private static final int WIDEST = 32; // threads: a row of a block reads 512 bytes
    private static final int ROWS_PER_THREAD = 4;
    private static final int MOST_BLOCKS = 2048; // beyond, a thread has more rows
    private static final int MOST_SUMMING_BLOCKS = 264; // two for each processor of a large card: the last has to add up what they all leave

    /// For elementwise work.
    static CudaColumns of(Tensor shaped) {
        return of(shaped, THREADS, MOST_BLOCKS);
    }

    /// For sums over the rows.
    static CudaColumns summed(Tensor shaped) {
        return of(shaped, SUMMING_THREADS, MOST_SUMMING_BLOCKS);
    }

    private static CudaColumns of(Tensor shaped, int threads, int mostBlocks) {
        int channels = Math.toIntExact(shaped.extent(shaped.rank() - 1));
        int rows = Math.toIntExact(Shapes.rows(shaped));
        int lanes = Math.max(1, lanes(channels));
        int blockX = Math.min(lanes, WIDEST);
        int blockY = Integer.highestOneBit(threads / blockX);
        int gridX = (lanes + blockX - 1) / blockX;
        int gridY = Math.clamp((rows + (long) blockY * ROWS_PER_THREAD - 1) / ((long) blockY * ROWS_PER_THREAD), 1,
                Math.max(1, mostBlocks / gridX));
        return new CudaColumns(rows, channels, gridX, gridY, blockX, blockY);
    }

    /// Threads that values side by side take, `kernels.cu`'s BY_COLUMNS.
    static int lanes(int channels) {
        return channels % LANES == 0 ? channels / LANES : channels;
    }

    /// Room for `numbers` of each channel from each share of the rows.
    long partialBytes(int numbers) {
        return (long) numbers * gridY * channels * Float.BYTES;
    }
}
