package dev.vertigan.tensor.simd;

import static dev.vertigan.tensor.Lanes.ALL;
import static dev.vertigan.tensor.Lanes.BYTES;
import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.L;
import static dev.vertigan.tensor.Lanes.ORDER;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.FloatVector.zero;

import dev.vertigan.tensor.Convolution;
import dev.vertigan.tensor.Lanes;
import dev.vertigan.tensor.Workers;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Convolutions of few channels with stride 1, by their definition: with a few dozen features, laying out patches and packing them for a matrix
/// product costs more than the arithmetic. Lanes are features; the sums of six places stay in registers.
///
/// Images are copied with their border of zeros, a few at a time so that they stay in the cache, and to arrays: a single float of an array is in
/// all lanes with one instruction, one of native memory is checked first. The sum at a place is one chain, row by row of the window, whoever
/// computes it. Where an image of few channels, as of colours, is made, lanes are the channels it is made from. Gradients of weights are computed
/// between such an image and another only, over some images at a time, whose sums are added up in a fixed order.
final class DirectConvolution implements Convolution {

    private static final int PLACES = 6; // at a time; with two vectors of features their sums leave room for the factors in 16 registers
    private static final int PAIR = 2 * L;
    private static final int WIDEST = 64; // channels on either side; with more, the matrix product is worth its packing
    private static final int FEWEST = 4; // features of an image, if not whole vectors of them
    private static final int CACHED = 1 << 15; // floats of images at a time
    private static final int PARTS = 8; // of a weight's gradient, whatever the threads

    private static final Then NOTHING = (_, _) -> {};

    private final Workers workers;
    private final Scratch partials = new Scratch(); // [parts, kh, kw, c, o]: a weight's gradient
    private float[] images = {}; // with borders, one stretch a part
    private float[] gradients = {}; // at their places, one stretch a part
    private float[] weights = {}; // [pairs or single vectors of features][kh, kw, c][features]; of few features [features][kh, kw, c]

    DirectConvolution(Workers workers) {
        this.workers = workers;
    }

    /// Whether it computes such convolutions, forwards and backwards.
    static boolean fits(Geometry g) {
        var window = g.window();
        int least = Math.min(g.channels(), g.features());
        int most = Math.max(g.channels(), g.features());
        return window.stride() == 1 && window.padding() < Math.min(window.height(), window.width())
                && most % L == 0 && most <= WIDEST && (least % L == 0 || least <= FEWEST)
                && Math.min(g.down() * g.across(), g.height() * g.width()) >= PLACES && Math.max(g.largeImage(), g.smallImage()) <= CACHED;
    }

    /// Whether it computes the gradients of their weights, too.
    static boolean fitsGradient(Geometry g) {
        return fits(g) && Math.min(g.channels(), g.features()) <= FEWEST;
    }

    /// How images are gone through, from the side with `channels` to that with `features`; lengths in floats.
    private static final class Plan {

        final int images; // in all
        final int height; // pixels
        final int width; // pixels
        final int down; // places
        final int across; // places
        final int channels;
        final int features;
        final int above; // rows of zeros, and as many below
        final int beside; // columns of zeros, on each side
        final int row; // with its borders
        final int image; // with its borders
        final int windowRows;
        final int taps; // of a row of the window
        final int each; // images at a time
        final int[] starts; // of each place of those images: where its window begins

        Plan(Geometry g, boolean backwards) {
            var window = g.window();
            boolean flat = window.height() == 1 && window.width() == 1; // an image is one long row
            images = g.images();
            int rows = backwards ? g.down() : g.height();
            int columns = backwards ? g.across() : g.width();
            int placesDown = backwards ? g.height() : g.down();
            int placesAcross = backwards ? g.width() : g.across();
            height = flat ? 1 : rows;
            width = flat ? rows * columns : columns;
            down = flat ? 1 : placesDown;
            across = flat ? placesDown * placesAcross : placesAcross;
            channels = backwards ? g.features() : g.channels();
            features = backwards ? g.channels() : g.features();
            above = backwards ? window.height() - 1 - window.padding() : window.padding();
            beside = backwards ? window.width() - 1 - window.padding() : window.padding();
            row = (width + 2 * beside) * channels;
            image = row * (height + 2 * above);
            windowRows = window.height();
            taps = window.width() * channels;
            each = Math.clamp(CACHED / Math.max(image, down * across * features), 1, images);
            starts = new int[places(each)];
            for (int place = 0; place < starts.length; place++) {
                starts[place] = place / across / down * image + place / across % down * row + place % across * channels;
            }
        }

        int places(int count) {
            return count * down * across;
        }

        int window() {
            return windowRows * taps;
        }

        boolean vectors() {
            return features % L == 0;
        }
    }

    /// Works on `count` images.
    private interface Some {

        /// @param part whose stretches of the arrays it may use
        /// @param from the first of them
        /// @param in where the images begin, with their borders
        void run(int part, int from, int count, int in);
    }

    /// Goes through all images in as many parts.
    private void each(Plan plan, long large, int parts, Some job) {
        int room = plan.each * plan.image;
        if (images.length < parts * room) {
            images = new float[parts * room];
        }
        workers.run(parts, part -> {
            int end = (int) ((long) plan.images * (part + 1) / parts);
            int in = part * room;
            Arrays.fill(images, in, in + room, 0);
            for (int from = (int) ((long) plan.images * part / parts); from < end; from += plan.each) {
                int count = Math.min(plan.each, end - from);
                copy(plan, large, from, count, images, in);
                job.run(part, from, count, in);
            }
        });
    }

    /// Between their borders, which are there.
    private static void copy(Plan plan, long large, int from, int count, float[] to, int at) {
        int line = plan.width * plan.channels;
        for (int image = 0; image < count; image++) {
            for (int y = 0; y < plan.height; y++) {
                MemorySegment.copy(ALL, JAVA_FLOAT, large + 4 * ((from + image) * (long) plan.height + y) * line, to,
                        at + image * plan.image + (plan.above + y) * plan.row + plan.beside * plan.channels, line);
            }
        }
    }

    /// What is done to the sums at some places while they are in the cache.
    interface Then {
        void run(long address, int places);
    }

    @Override
    public void convolve(Geometry g, long large, long weight, long small) {
        convolve(g, large, weight, small, NOTHING);
    }

    void convolve(Geometry g, long large, long weight, long small, Then then) {
        var plan = new Plan(g, false);
        pack(plan, weight, g.channels() * g.features(), g.features(), 1);
        convolve(plan, large, small, then);
    }

    /// A convolution with the window turned round and the two kinds of channels swapped.
    @Override
    public void transposed(Geometry g, long small, long weight, long large) {
        var plan = new Plan(g, true);
        int pixel = g.channels() * g.features();
        int last = g.window().height() * g.window().width() - 1;
        pack(plan, weight + 4L * last * pixel, -pixel, 1, g.features());
        convolve(plan, small, large, NOTHING);
    }

    /// The weights as they are read: for each pair of vectors of features, and a last single one, tap by tap; or for each of few features.
    ///
    /// @param pixel from one pixel of the window to the next, in floats
    /// @param channel from one channel to the next
    /// @param feature from one feature to the next
    private void pack(Plan plan, long weight, int pixel, int channel, int feature) {
        int window = plan.window();
        if (weights.length < window * plan.features) {
            weights = new float[window * plan.features];
        }
        int most = plan.vectors() ? PAIR : 1;
        for (int first = 0; first < plan.features; first += most) {
            int wide = Math.min(most, plan.features - first);
            for (int tap = 0; tap < window; tap++) {
                long from = weight + 4 * ((long) tap / plan.channels * pixel + (long) tap % plan.channels * channel + (long) first * feature);
                for (int i = 0; i < wide; i++) {
                    weights[first * window + tap * wide + i] = ALL.get(JAVA_FLOAT, from + 4L * i * feature);
                }
            }
        }
    }

    private void convolve(Plan plan, long in, long out, Then then) {
        each(plan, in, Math.min(plan.images, workers.threads()), (_, from, count, at) -> {
            int places = plan.places(count);
            for (int place = 0; place < places; place += PLACES) { // the last six may have been computed in part: they become the same
                int first = Math.min(place, places - PLACES);
                sums(plan, images, at, first, weights, out + 4L * plan.features * (plan.places(from) + first));
            }
            then.run(out + 4L * plan.features * plan.places(from), places);
        });
    }

    private static void sums(Plan plan, float[] in, int at, int place, float[] weights, long out) {
        int first = 0;
        for (; !plan.vectors() && first < plan.features; first++) {
            dots(in, at, plan.starts, place, plan.row, weights, first * plan.window(), plan.windowRows, plan.taps, 4L * plan.features,
                    out + 4L * first);
        }
        for (; first + PAIR <= plan.features; first += PAIR) {
            pairs(in, at, plan.starts, place, plan.row, weights, first * plan.window(), plan.windowRows, plan.taps, 4L * plan.features,
                    out + 4L * first);
        }
        if (first < plan.features) {
            vectors(in, at, plan.starts, place, plan.row, weights, first * plan.window(), plan.windowRows, plan.taps, 4L * plan.features,
                    out + 4L * first);
        }
    }

    /// `out[6 places, L features] = Σ in[place + tap] · weight[tap, feature]`.
    ///
    /// @param at where the images begin
    /// @param first where the weights of these features begin
    /// @param all bytes of all features
    private static void vectors(float[] in, int at, int[] starts, int place, int row, float[] weights, int first, int rows, int taps, long all,
            long out) {
        int at0 = at + starts[place];
        int at1 = at + starts[place + 1];
        int at2 = at + starts[place + 2];
        int at3 = at + starts[place + 3];
        int at4 = at + starts[place + 4];
        int at5 = at + starts[place + 5];
        FloatVector a0 = zero(F);
        FloatVector a1 = zero(F);
        FloatVector a2 = zero(F);
        FloatVector a3 = zero(F);
        FloatVector a4 = zero(F);
        FloatVector a5 = zero(F);
        for (int u = 0; u < rows; u++) {
            int down = u * row;
            int line = first + u * taps * L;
            for (int tap = 0; tap < taps; tap++) {
                FloatVector w = fromArray(F, weights, line + tap * L);
                FloatVector x0 = broadcast(F, in[at0 + down + tap]);
                a0 = w.fma(x0, a0);
                FloatVector x1 = broadcast(F, in[at1 + down + tap]);
                a1 = w.fma(x1, a1);
                FloatVector x2 = broadcast(F, in[at2 + down + tap]);
                a2 = w.fma(x2, a2);
                FloatVector x3 = broadcast(F, in[at3 + down + tap]);
                a3 = w.fma(x3, a3);
                FloatVector x4 = broadcast(F, in[at4 + down + tap]);
                a4 = w.fma(x4, a4);
                FloatVector x5 = broadcast(F, in[at5 + down + tap]);
                a5 = w.fma(x5, a5);
            }
        }
        a0.intoMemorySegment(ALL, out, ORDER);
        a1.intoMemorySegment(ALL, out + all, ORDER);
        a2.intoMemorySegment(ALL, out + 2 * all, ORDER);
        a3.intoMemorySegment(ALL, out + 3 * all, ORDER);
        a4.intoMemorySegment(ALL, out + 4 * all, ORDER);
        a5.intoMemorySegment(ALL, out + 5 * all, ORDER);
    }

    /// As [#vectors], for two vectors of features.
    private static void pairs(float[] in, int at, int[] starts, int place, int row, float[] weights, int first, int rows, int taps, long all,
            long out) {
        int at0 = at + starts[place];
        int at1 = at + starts[place + 1];
        int at2 = at + starts[place + 2];
        int at3 = at + starts[place + 3];
        int at4 = at + starts[place + 4];
        int at5 = at + starts[place + 5];
        FloatVector a0 = zero(F);
        FloatVector a1 = zero(F);
        FloatVector a2 = zero(F);
        FloatVector a3 = zero(F);
        FloatVector a4 = zero(F);
        FloatVector a5 = zero(F);
        FloatVector b0 = zero(F);
        FloatVector b1 = zero(F);
        FloatVector b2 = zero(F);
        FloatVector b3 = zero(F);
        FloatVector b4 = zero(F);
        FloatVector b5 = zero(F);
        for (int u = 0; u < rows; u++) {
            int down = u * row;
            int line = first + u * taps * PAIR;
            for (int tap = 0; tap < taps; tap++) {
                FloatVector w = fromArray(F, weights, line + tap * PAIR);
                FloatVector v = fromArray(F, weights, line + tap * PAIR + L);
                FloatVector x0 = broadcast(F, in[at0 + down + tap]);
                a0 = w.fma(x0, a0);
                b0 = v.fma(x0, b0);
                FloatVector x1 = broadcast(F, in[at1 + down + tap]);
                a1 = w.fma(x1, a1);
                b1 = v.fma(x1, b1);
                FloatVector x2 = broadcast(F, in[at2 + down + tap]);
                a2 = w.fma(x2, a2);
                b2 = v.fma(x2, b2);
                FloatVector x3 = broadcast(F, in[at3 + down + tap]);
                a3 = w.fma(x3, a3);
                b3 = v.fma(x3, b3);
                FloatVector x4 = broadcast(F, in[at4 + down + tap]);
                a4 = w.fma(x4, a4);
                b4 = v.fma(x4, b4);
                FloatVector x5 = broadcast(F, in[at5 + down + tap]);
                a5 = w.fma(x5, a5);
                b5 = v.fma(x5, b5);
            }
        }
        a0.intoMemorySegment(ALL, out, ORDER);
        b0.intoMemorySegment(ALL, out + BYTES, ORDER);
        a1.intoMemorySegment(ALL, out + all, ORDER);
        b1.intoMemorySegment(ALL, out + all + BYTES, ORDER);
        a2.intoMemorySegment(ALL, out + 2 * all, ORDER);
        b2.intoMemorySegment(ALL, out + 2 * all + BYTES, ORDER);
        a3.intoMemorySegment(ALL, out + 3 * all, ORDER);
        b3.intoMemorySegment(ALL, out + 3 * all + BYTES, ORDER);
        a4.intoMemorySegment(ALL, out + 4 * all, ORDER);
        b4.intoMemorySegment(ALL, out + 4 * all + BYTES, ORDER);
        a5.intoMemorySegment(ALL, out + 5 * all, ORDER);
        b5.intoMemorySegment(ALL, out + 5 * all + BYTES, ORDER);
    }

    /// `out[6 places] = Σ in[place + tap] · weight[tap]`, for one feature.
    private static void dots(float[] in, int at, int[] starts, int place, int row, float[] weights, int first, int rows, int taps, long all,
            long out) {
        int at0 = at + starts[place];
        int at1 = at + starts[place + 1];
        int at2 = at + starts[place + 2];
        int at3 = at + starts[place + 3];
        int at4 = at + starts[place + 4];
        int at5 = at + starts[place + 5];
        FloatVector a0 = zero(F);
        FloatVector a1 = zero(F);
        FloatVector a2 = zero(F);
        FloatVector a3 = zero(F);
        FloatVector a4 = zero(F);
        FloatVector a5 = zero(F);
        for (int u = 0; u < rows; u++) {
            int down = u * row;
            for (int tap = 0; tap < taps; tap += L) {
                FloatVector w = fromArray(F, weights, first + u * taps + tap);
                a0 = w.fma(fromArray(F, in, at0 + down + tap), a0);
                a1 = w.fma(fromArray(F, in, at1 + down + tap), a1);
                a2 = w.fma(fromArray(F, in, at2 + down + tap), a2);
                a3 = w.fma(fromArray(F, in, at3 + down + tap), a3);
                a4 = w.fma(fromArray(F, in, at4 + down + tap), a4);
                a5 = w.fma(fromArray(F, in, at5 + down + tap), a5);
            }
        }
        ALL.set(JAVA_FLOAT, out, Lanes.sum(a0));
        ALL.set(JAVA_FLOAT, out + all, Lanes.sum(a1));
        ALL.set(JAVA_FLOAT, out + 2 * all, Lanes.sum(a2));
        ALL.set(JAVA_FLOAT, out + 3 * all, Lanes.sum(a3));
        ALL.set(JAVA_FLOAT, out + 4 * all, Lanes.sum(a4));
        ALL.set(JAVA_FLOAT, out + 5 * all, Lanes.sum(a5));
    }

    /// Where the features are few, with the two sides swapped, which gives the window turned round.
    @Override
    public void weightGradient(Geometry g, long large, long small, long dweight, boolean accumulate) {
        boolean swapped = g.features() % L != 0;
        var plan = new Plan(g, swapped);
        long in = swapped ? small : large;
        long out = swapped ? large : small;
        int size = plan.window() * plan.features;
        int parts = Math.min(plan.images, PARTS);
        int room = plan.starts.length * plan.features;
        if (gradients.length < parts * room) {
            gradients = new float[parts * room];
        }
        long sums = partials.floats((long) parts * size);
        Lanes.fillZero(sums, (long) parts * size);
        each(plan, in, parts, (part, from, count, at) -> {
            int dout = part * room;
            MemorySegment.copy(ALL, JAVA_FLOAT, out + 4L * plan.features * plan.places(from), gradients, dout, plan.places(count) * plan.features);
            gradient(plan, images, at, gradients, dout, count * plan.down, sums + 4L * part * size);
        });
        for (int part = 1; part < parts; part++) {
            Chunks.add(sums + 4L * part * size, sums, size);
        }
        if (!accumulate) {
            Lanes.fillZero(dweight, size);
        }
        if (swapped) {
            addTurned(plan, sums, dweight);
        } else {
            Chunks.add(sums, dweight, size);
        }
    }

    /// `dweight[pixel, c, o] += sums[last − pixel, o, c]`.
    private static void addTurned(Plan plan, long sums, long dweight) {
        int c = plan.features;
        int o = plan.channels;
        int pixels = plan.window() / o;
        for (int i = 0; i < pixels * c * o; i++) {
            int pixel = i / (c * o);
            int channel = i / o % c;
            long from = sums + 4L * (((pixels - 1 - pixel) * o + i % o) * c + channel);
            ALL.set(JAVA_FLOAT, dweight + 4L * i, ALL.get(JAVA_FLOAT, dweight + 4L * i) + ALL.get(JAVA_FLOAT, from));
        }
    }

    /// Adds what `rows` rows of places say about every weight.
    private static void gradient(Plan plan, float[] in, int at, float[] douts, int dout, int rows, long dweight) {
        for (int tap = 0; tap < plan.window(); tap++) {
            int first = at + tap / plan.taps * plan.row + tap % plan.taps;
            for (int feature = 0; feature < plan.features; feature += L) {
                tap(in, first, plan.starts, plan.across, plan.channels, douts, dout + feature, rows, plan.features,
                        dweight + 4L * (tap * plan.features + feature));
            }
        }
    }

    /// `dweight[tap, L features] += Σ in[place + tap] · dout[place, feature]`.
    ///
    /// @param first where the images begin, and the tap in them
    private static void tap(float[] in, int first, int[] starts, int across, int pixel, float[] douts, int dout, int rows, int features,
            long dweight) {
        FloatVector a0 = zero(F);
        for (int y = 0; y < rows; y++) {
            int line = first + starts[y * across];
            int from = dout + y * across * features;
            for (int x = 0; x < across; x++) {
                FloatVector d = fromArray(F, douts, from + x * features);
                FloatVector x0 = broadcast(F, in[line + x * pixel]);
                a0 = d.fma(x0, a0);
            }
        }
        fromMemorySegment(F, ALL, dweight, ORDER).add(a0).intoMemorySegment(ALL, dweight, ORDER);
    }
}
