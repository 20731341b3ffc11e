package dev.vertigan.tensor.simd;

import static dev.vertigan.tensor.Lanes.ALL;
import static dev.vertigan.tensor.Lanes.BYTES;
import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.vertigan.tensor.Lanes;
import dev.vertigan.tensor.Resampling;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.Workers;
import jdk.incubator.vector.FloatVector;

/// Doubling and halving of images `[n, h, w, c]`, lanes over channels: each pixel written is a sum of four or sixteen pixels read.
final class SimdResampling {

    private static final long GRAIN = 1 << 14; // elements worth a thread
    private static final float NEAR = 0.75f; // bilinear: of the nearest pixel along an axis
    private static final float FAR = 0.25f; // and of the next

    private final Workers workers;

    SimdResampling(Workers workers) {
        this.workers = workers;
    }

    /// The small side of a doubling.
    private record Sizes(int height, int width, int bytes) {

        static Sizes of(Tensor small) {
            return new Sizes((int) small.extent(1), (int) small.extent(2), 4 * (int) small.extent(3));
        }

        long small(long base, long row, int column) {
            return base + (row * width + column) * bytes;
        }

        long large(long base, long row, int column) {
            return base + (row * 2 * width + column) * bytes;
        }
    }

    /// Works on a row of the small images, of all images' rows.
    private interface RowJob {
        void run(Sizes sizes, long row);
    }

    private void eachRow(Tensor small, RowJob job) {
        var sizes = Sizes.of(small);
        long elements = Math.max(1, small.extent(2) * small.extent(3));
        workers.splitRows(small.extent(0) * small.extent(1), Math.max(1, GRAIN / elements), (from, to) -> {
            for (long row = from; row < to; row++) {
                job.run(sizes, row);
            }
        });
    }

    void upsample(Tensor in, Resampling resampling, float factor, Tensor out) {
        long small = in.address();
        long large = out.address();
        switch (resampling) {
            case NEAREST -> eachRow(in, (sizes, row) -> repeat(sizes, small, large, row, factor));
            case BILINEAR -> eachRow(in, (sizes, row) -> interpolate(sizes, small, large, row, factor));
        }
    }

    void downsample(Tensor in, Resampling resampling, float factor, Tensor out) {
        long small = out.address();
        long large = in.address();
        switch (resampling) {
            case NEAREST -> eachRow(out, (sizes, row) -> gather(sizes, large, small, row, factor));
            case BILINEAR -> eachRow(out, (sizes, row) -> gatherBlended(sizes, large, small, row, factor));
        }
    }

    private static void repeat(Sizes s, long small, long large, long row, float factor) {
        for (int x = 0; x < s.width; x++) {
            long from = s.small(small, row, x);
            for (int quarter = 0; quarter < 4; quarter++) {
                scale(from, factor, s.large(large, 2 * row + quarter / 2, 2 * x + quarter % 2), s.bytes);
            }
        }
    }

    private static void interpolate(Sizes s, long small, long large, long row, float factor) {
        long y = row % s.height;
        int others = s.width - 1; // columns with one before them, or after
        Lanes.fillZero(s.large(large, 2 * row, 0), s.width * (long) s.bytes); // two rows of twice the width
        for (int down = 0; down < 2; down++) {
            long next = row - y + Math.clamp(down == 0 ? y - 1 : y + 1, 0, s.height - 1);
            for (int across = 0; across < 2; across++) {
                int first = 1 - across;
                int border = across * others;
                interpolate(s, small, large, row, next, first, first - 1 + 2 * across, 2 * row + down, 2 * first + across, others, factor);
                interpolate(s, small, large, row, next, border, border, 2 * row + down, 2 * border + across, 1, factor);
            }
        }
    }

    /// Some of a new row, every other pixel of it.
    private static void interpolate(Sizes s, long small, long large, long row, long next, int x, int beside, long to, int at, int count,
            float factor) {
        blend(s.small(small, row, x), factor * NEAR * NEAR, s.small(small, row, beside), factor * NEAR * FAR, s.small(small, next, x),
                factor * FAR * NEAR, s.small(small, next, beside), factor * FAR * FAR, s.large(large, to, at), s.bytes, count, s.bytes, 2 * s.bytes);
    }

    private static void gather(Sizes s, long large, long small, long row, float factor) {
        Lanes.fillZero(s.small(small, row, 0), s.width * (long) s.bytes / Float.BYTES);
        blend(s.large(large, 2 * row, 0), factor, s.large(large, 2 * row, 1), factor, s.large(large, 2 * row + 1, 0), factor,
                s.large(large, 2 * row + 1, 1), factor, s.small(small, row, 0), s.bytes, s.width, 2 * s.bytes, s.bytes);
    }

    /// A pixel had a share in 4×4 new ones. At the border those that lie beyond it are not there, and the outermost took all from it.
    private static void gatherBlended(Sizes s, long large, long small, long row, float factor) {
        int y = (int) (row % s.height);
        Lanes.fillZero(s.small(small, row, 0), s.width * (long) s.bytes / Float.BYTES);
        for (int down = -1; down <= 2; down++) {
            int at = 2 * y + down;
            if (at >= 0 && at < 2 * s.height) {
                float share = factor * share(at, down, s.height);
                gatherBlended(s, large, small, row, 2 * row + down, 0, 1, share);
                gatherBlended(s, large, small, row, 2 * row + down, 1, s.width - 2, share);
                if (s.width > 1) {
                    gatherBlended(s, large, small, row, 2 * row + down, s.width - 1, 1, share);
                }
            }
        }
    }

    /// What a new row says about old pixels that have the same shares.
    private static void gatherBlended(Sizes s, long large, long small, long row, long line, int x, int count, float share) {
        int left = Math.max(2 * x - 1, 0);
        int right = Math.min(2 * x + 2, 2 * s.width - 1);
        blend(s.large(large, line, left), left < 2 * x ? share * FAR : 0, s.large(large, line, 2 * x), share * share(2 * x, 0, s.width),
                s.large(large, line, 2 * x + 1), share * share(2 * x + 1, 1, s.width), s.large(large, line, right),
                right > 2 * x + 1 ? share * FAR : 0, s.small(small, row, x), s.bytes, count, 2 * s.bytes, s.bytes);
    }

    /// What the new pixel `at` took from the old one, which lies `offset` before it in new pixels.
    private static float share(int at, int offset, int extent) {
        boolean near = offset == 0 || offset == 1;
        boolean outermost = at == 0 || at == 2 * extent - 1;
        return !near ? FAR : outermost ? 1 : NEAR;
    }

    private static void scale(long from, float factor, long to, int bytes) {
        int whole = bytes - bytes % BYTES;
        for (int c = 0; c < whole; c += BYTES) {
            fromMemorySegment(F, ALL, from + c, ORDER).mul(factor).intoMemorySegment(ALL, to + c, ORDER);
        }
        for (int c = whole; c < bytes; c += 4) {
            ALL.set(JAVA_FLOAT, to + c, ALL.get(JAVA_FLOAT, from + c) * factor);
        }
    }

    /// Adds the weighted sum of four pixels to another, then that of the next four to the next, and so on.
    ///
    /// @param step bytes from a pixel to that of the next sum
    /// @param toStep bytes from a sum to the next
    private static void blend(long a, float shareA, long b, float shareB, long c, float shareC, long d, float shareD, long to, int bytes,
            int count, int step, int toStep) {
        FloatVector ofA = broadcast(F, shareA);
        FloatVector ofB = broadcast(F, shareB);
        FloatVector ofC = broadcast(F, shareC);
        FloatVector ofD = broadcast(F, shareD);
        int whole = bytes - bytes % BYTES;
        for (int i = 0; i < whole; i += BYTES) { // down the pixels, as the channels of one may be few
            for (int pixel = 0; pixel < count; pixel++) {
                long off = (long) pixel * step + i;
                long at = to + (long) pixel * toStep + i;
                FloatVector sum = fromMemorySegment(F, ALL, at, ORDER);
                sum = fromMemorySegment(F, ALL, a + off, ORDER).fma(ofA, sum);
                sum = fromMemorySegment(F, ALL, b + off, ORDER).fma(ofB, sum);
                sum = fromMemorySegment(F, ALL, c + off, ORDER).fma(ofC, sum);
                fromMemorySegment(F, ALL, d + off, ORDER).fma(ofD, sum).intoMemorySegment(ALL, at, ORDER);
            }
        }
        for (int i = whole; i < bytes; i += 4) {
            for (int pixel = 0; pixel < count; pixel++) {
                long off = (long) pixel * step + i;
                long at = to + (long) pixel * toStep + i;
                float sum = ALL.get(JAVA_FLOAT, at);
                sum = Math.fma(ALL.get(JAVA_FLOAT, a + off), shareA, sum);
                sum = Math.fma(ALL.get(JAVA_FLOAT, b + off), shareB, sum);
                sum = Math.fma(ALL.get(JAVA_FLOAT, c + off), shareC, sum);
                ALL.set(JAVA_FLOAT, at, Math.fma(ALL.get(JAVA_FLOAT, d + off), shareD, sum));
            }
        }
    }
}
