package dev.vertigan.tensor.simd;

import static dev.vertigan.tensor.Lanes.ALL;
import static dev.vertigan.tensor.Lanes.BYTES;
import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.vertigan.tensor.Convolution;
import dev.vertigan.tensor.Lanes;
import dev.vertigan.tensor.Window;
import dev.vertigan.tensor.Workers;
import jdk.incubator.vector.FloatVector;

/// Any convolution as one matrix product: the patch of the image that each place of the window sees becomes a row of a matrix
/// `[places, kh·kw·c]` ("im2col", Chellapilla et al. 2006), some images at a time so that it stays in the cache. With the channels last,
/// each row of a patch is one stretch of memory.
final class PatchConvolution implements Convolution {

    private static final long BLOCK = 1 << 20; // floats of patches at a time
    private static final Window PIXEL = new Window(1, 1, 1, 0);

    private final Workers workers;
    private final SimdGemm gemm;
    private final Scratch scratch = new Scratch();

    PatchConvolution(Workers workers, SimdGemm gemm) {
        this.workers = workers;
        this.gemm = gemm;
    }

    /// Images [from, from + count) and the rows of their patches.
    private interface Block {
        void run(long patches, int from, int count, int rows);
    }

    private void eachBlock(Geometry g, Block work) {
        int places = g.down() * g.across();
        long each = (long) places * patch(g);
        int images = Math.clamp(BLOCK / each, 1, g.images());
        long patches = scratch.floats(images * each);
        for (int from = 0; from < g.images(); from += images) {
            int count = Math.min(images, g.images() - from);
            work.run(patches, from, count, count * places);
        }
    }

    private static int patch(Geometry g) {
        return g.window().height() * g.window().width() * g.channels();
    }

    /// Whether each patch is one pixel, so that the images are the matrix of patches.
    private static boolean isProduct(Geometry g) {
        return g.window().equals(PIXEL);
    }

    @Override
    public void convolve(Geometry g, long large, long weight, long small) {
        if (isProduct(g)) {
            gemm.multiply(large, false, weight, false, small, g.images() * g.down() * g.across(), g.features(), g.channels(), false);
            return;
        }
        eachBlock(g, (patches, from, count, rows) -> {
            gather(g, large, patches, from, count);
            gemm.multiply(patches, false, weight, false, small + 4 * from * g.smallImage(), rows, g.features(), patch(g), false);
        });
    }

    @Override
    public void transposed(Geometry g, long small, long weight, long large) {
        if (isProduct(g)) {
            gemm.multiply(small, false, weight, true, large, g.images() * g.down() * g.across(), g.channels(), g.features(), false);
            return;
        }
        eachBlock(g, (patches, from, count, rows) -> {
            gemm.multiply(small + 4 * from * g.smallImage(), false, weight, true, patches, rows, patch(g), g.features(), false);
            workers.splitRows(count, 1, (first, last) -> scatter(g, large, patches, from, first, last));
        });
    }

    @Override
    public void weightGradient(Geometry g, long large, long small, long dweight, boolean accumulate) {
        if (isProduct(g)) {
            gemm.multiply(large, true, small, false, dweight, g.channels(), g.features(), g.images() * g.down() * g.across(), accumulate);
            return;
        }
        eachBlock(g, (patches, from, count, rows) -> {
            gather(g, large, patches, from, count);
            gemm.multiply(patches, true, small + 4 * from * g.smallImage(), false, dweight, patch(g), g.features(), rows, accumulate || from > 0);
        });
    }

    private void gather(Geometry g, long large, long patches, int from, int count) {
        workers.splitRows(count, 1, (first, last) -> gather(g, large, patches, from, first, last));
    }

    /// The patches of images [from + first, from + last).
    private static void gather(Geometry g, long large, long patches, int from, long first, long last) {
        var window = g.window();
        long bytes = 4L * window.width() * g.channels(); // of a patch's row
        long to = patches + 4 * first * g.down() * g.across() * patch(g);
        for (long image = first; image < last; image++) {
            long base = large + 4 * (from + image) * g.largeImage();
            for (int y = 0; y < g.down(); y++) {
                for (int x = 0; x < g.across(); x++) {
                    int left = x * window.stride() - window.padding();
                    long before = 4L * g.channels() * Math.clamp(-left, 0, window.width()); // zeros left of the image
                    long after = 4L * g.channels() * Math.clamp(left + window.width() - g.width(), 0, window.width()); // and right of it
                    for (int u = 0; u < window.height(); u++) {
                        int row = y * window.stride() + u - window.padding();
                        if (row < 0 || row >= g.height() || before + after >= bytes) {
                            zero(to, bytes);
                        } else {
                            zero(to, before);
                            copy(base + 4L * ((long) row * g.width() + left) * g.channels() + before, to + before, bytes - before - after);
                            zero(to + bytes - after, after);
                        }
                        to += bytes;
                    }
                }
            }
        }
    }

    /// Adds up what the patches of images [from + first, from + last) say about each pixel.
    private static void scatter(Geometry g, long large, long patches, int from, long first, long last) {
        var window = g.window();
        long bytes = 4L * window.width() * g.channels();
        long at = patches + 4 * first * g.down() * g.across() * patch(g);
        Lanes.fillZero(large + 4 * (from + first) * g.largeImage(), (last - first) * g.largeImage());
        for (long image = first; image < last; image++) {
            long base = large + 4 * (from + image) * g.largeImage();
            for (int y = 0; y < g.down(); y++) {
                for (int x = 0; x < g.across(); x++) {
                    int left = x * window.stride() - window.padding();
                    long before = 4L * g.channels() * Math.clamp(-left, 0, window.width());
                    long after = 4L * g.channels() * Math.clamp(left + window.width() - g.width(), 0, window.width());
                    for (int u = 0; u < window.height(); u++) {
                        int row = y * window.stride() + u - window.padding();
                        if (row >= 0 && row < g.height() && before + after < bytes) {
                            add(at + before, base + 4L * ((long) row * g.width() + left) * g.channels() + before, bytes - before - after);
                        }
                        at += bytes;
                    }
                }
            }
        }
    }

    private static void zero(long to, long bytes) {
        int whole = (int) (bytes - bytes % BYTES);
        for (int i = 0; i < whole; i += BYTES) {
            FloatVector.zero(F).intoMemorySegment(ALL, to + i, ORDER);
        }
        for (int i = whole; i < bytes; i += 4) {
            ALL.set(JAVA_FLOAT, to + i, 0f);
        }
    }

    /// In whole vectors, then by twos (a row of four grey pixels is two), then one by one. Never in vectors of another width: once the JVM has
    /// seen two kinds of [FloatVector] stored, it no longer knows which of them a sum in a loop is, and boxes it, here and in every other kernel.
    private static void copy(long from, long to, long bytes) {
        int whole = (int) (bytes - bytes % BYTES);
        int twos = (int) (bytes - bytes % Long.BYTES);
        for (int i = 0; i < whole; i += BYTES) {
            fromMemorySegment(F, ALL, from + i, ORDER).intoMemorySegment(ALL, to + i, ORDER);
        }
        for (int i = whole; i < twos; i += Long.BYTES) {
            ALL.set(JAVA_LONG_UNALIGNED, to + i, ALL.get(JAVA_LONG_UNALIGNED, from + i));
        }
        if (twos < bytes) {
            ALL.set(JAVA_FLOAT, to + twos, ALL.get(JAVA_FLOAT, from + twos));
        }
    }

    private static void add(long from, long to, long bytes) {
        int whole = (int) (bytes - bytes % BYTES);
        for (int i = 0; i < whole; i += BYTES) {
            fromMemorySegment(F, ALL, to + i, ORDER).add(fromMemorySegment(F, ALL, from + i, ORDER)).intoMemorySegment(ALL, to + i, ORDER);
        }
        for (int i = whole; i < bytes; i += 4) {
            ALL.set(JAVA_FLOAT, to + i, ALL.get(JAVA_FLOAT, to + i) + ALL.get(JAVA_FLOAT, from + i));
        }
    }
}
