package dev.vertigan.tensor.cuda;

import static dev.vertigan.tensor.Access.READ;
import static dev.vertigan.tensor.Access.UPDATE;
import static dev.vertigan.tensor.Access.WRITE;

import dev.vertigan.cuda.CommandQueue;
import dev.vertigan.cuda.Device;
import dev.vertigan.cuda.NoDevice;
import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Convolution;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.ImageChange;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Loss;
import dev.vertigan.tensor.NativeFailure;
import dev.vertigan.tensor.Pending;
import dev.vertigan.tensor.Philox;
import dev.vertigan.tensor.Resampling;
import dev.vertigan.tensor.Shapes;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.Window;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Float32 on a card of NVIDIA's: cuBLAS for matrix products, the kernels of `kernels.cu` for everything else. Tensors stay on the card;
/// the host waits for it only to read.
///
/// Random numbers are those of the other kernels, bit for bit; the rest is theirs but for rounding, and the same bits each time on the
/// same card.
public final class CudaKernels implements Kernels {

    private static final Logger log = LoggerFactory.getLogger(CudaKernels.class);

    private static final AtomicBoolean SAID = new AtomicBoolean();

    private static final int THREADS = 256; // of a block that sums
    private static final int SUM_BLOCKS = 264;
    private static final int MOST_SUMS = 3;
    private static final int MOST_ROWS = 1 << 16;
    private static final int TICKET = SUM_BLOCKS * MOST_SUMS * Double.BYTES; // where sums of blocks end

    private static final int CHANGE = 11; // numbers of an ImageChange

    private static final int NORMAL = 0;
    private static final int UNIFORM = 1;
    private static final int MASK = 2;

    private static final float NEAREST = 1; // share of the nearest pixel
    private static final float BILINEAR = 0.75f;
    private static final int TILE = 32; // rows and columns that a block of `product` makes
    private static final int MOST_TILES = 264;
    private static final int MOST_TERMS = 1024;
    private static final int PRODUCT_BIAS = 8; // the place among its arguments
    private static final int ADAM_AVERAGE = 14;

    private final Device device;
    private final boolean tf32;
    private final CommandQueue queue;
    private final CudaCall call;
    private final CudaConvolutions convolutions;
    private final CudaChannelSums channelSums;
    private final long partialSums;
    private final CudaScratch imageMeans;
    private Tensor imageChanges; // [n, CHANGE]

    // What a bias and an activation, or a moving average, may be added to if nothing was asked since.
    private long product;
    private Tensor multiplied;
    private long update;
    private Tensor updated;

    /// Compiles the kernels for the card, if no others did, and tries them.
    ///
    /// @param tf32 whether what goes into large products may be rounded to TF32
    /// @throws NoDevice if there is no card, NVRTC or cuBLAS is not installed, or they do not fit together
    public CudaKernels(boolean tf32) throws NoDevice {
        this(Device.find(), tf32);
    }

    public CudaKernels(Device device, boolean tf32) throws NoDevice {
        this.device = device;
        this.tf32 = tf32;
        multiplied = Tensor.allocate(ElementType.FLOAT32, 0);
        updated = multiplied;
        imageChanges = Tensor.allocate(ElementType.FLOAT32, 0, CHANGE);
        try {
            queue = device.queue(tf32);
            call = new CudaCall(queue, device.compile(source()));
            convolutions = new CudaConvolutions(queue, call);
            channelSums = new CudaChannelSums(queue, call);
            imageMeans = new CudaScratch(queue);
            partialSums = queue.allocate(TICKET + Integer.BYTES);
            call.to("fill").number(1).writes(partialSums + TICKET, Integer.BYTES).number(0f).each(1);
            trial();
        } catch (IllegalStateException | UnsatisfiedLinkError | OutOfMemoryError e) {
            throw new NoDevice(String.format(Locale.ROOT, "%s cannot be used: %s", device.name(), NativeFailure.reason(e)), true);
        }
    }

    /// What is installed may be too new for the driver, or too old for the card.
    private void trial() {
        var ones = allocate(2, 2);
        var product = allocate(2, 2);
        for (long i = 0; i < ones.size(); i++) {
            ones.set(i, 1);
        }
        matmul(ones, false, ones, false, product, false);
        double sum = sumOfSquares(product);
        if (sum != 16) {
            throw new IllegalStateException("expected a sum of squares of 16, found " + sum);
        }
    }

    /// These kernels, if there is a card. If all that is missing is something its owner can install, it says so, once.
    public static Optional<CudaKernels> ifThereIsACard(boolean tf32) {
        try {
            return Optional.of(new CudaKernels(tf32));
        } catch (NoDevice e) {
            if (e.card() && SAID.compareAndSet(false, true)) {
                log.warn("CUDA: {}; computing on the CPU", e.getMessage());
            }
            return Optional.empty();
        }
    }

    private static String source() {
        try (var in = CudaKernels.class.getResourceAsStream("kernels.cu")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// As in `cuda NVIDIA H100 80GB HBM3, libcublas.so.12, float32`.
    @Override
    public String describe() {
        return String.format(Locale.ROOT, "cuda %s, %s, %s", device.name(), queue.products(), tf32 ? "tf32" : "float32");
    }

    @Override
    public ElementType type() {
        return ElementType.FLOAT32;
    }

    @Override
    public Tensor allocate(long... shape) {
        return Tensor.allocate(ElementType.FLOAT32, shape);
    }

    @Override
    public void matmul(Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor out, boolean accumulate) {
        Shapes.product(a, transposeA, b, transposeB, out);
        long k = a.extent(transposeA ? 0 : 1);
        if (out.size() > 0 && k > 0 && small(out.extent(0), out.extent(1), k)) {
            call.to("product").number((int) out.extent(0)).number((int) out.extent(1)).number((int) k)
                    .number((transposeA ? 1 : 0) | (transposeB ? 2 : 0)).reads("a", a).reads("b", b).writes("out", out, accumulate)
                    .number(accumulate ? 1 : 0).nothing().activation(Activation.LINEAR);
            product = call.on(tiles(out.extent(1)), tiles(out.extent(0)), THREADS, 1);
            multiplied = out;
        } else if (out.size() > 0 && k > 0) {
            queue.multiply(transposeA, transposeB, (int) out.extent(0), (int) out.extent(1), (int) k, call.at("a", a, READ), call.at("b", b, READ),
                    call.at("out", out, accumulate ? UPDATE : WRITE), accumulate);
            call.release();
        } else if (!accumulate) {
            fill(out, 0);
        }
    }

    private static int tiles(long extent) {
        return (int) ((extent + TILE - 1) / TILE);
    }

    /// Whether a product is worth no more than one round of blocks.
    private static boolean small(long m, long n, long k) {
        return k <= MOST_TERMS && (long) tiles(m) * tiles(n) <= MOST_TILES;
    }

    @Override
    public void convolve(Tensor in, Tensor weight, Window window, Tensor out) {
        Shapes.convolution(in, weight, window, out);
        if (out.size() > 0) {
            convolutions.convolve(Convolution.Geometry.of(in, window, out), call.at("in", in, READ), call.at("weight", weight, READ),
                    call.at("out", out, WRITE));
        }
        keep(in, weight, out);
    }

    @Override
    public void convolveTransposed(Tensor in, Tensor weight, Window window, Tensor out) {
        Shapes.convolution(out, weight, window, in);
        if (out.size() > 0) {
            convolutions.transposed(Convolution.Geometry.of(out, window, in), call.at("in", in, READ), call.at("weight", weight, READ),
                    call.at("out", out, WRITE));
        }
        keep(in, weight, out);
    }

    @Override
    public void convolveWeightGradient(Tensor in, Tensor dout, Window window, Tensor dweight, boolean accumulate) {
        Shapes.convolution(in, dweight, window, dout);
        if (dout.size() > 0) {
            convolutions.weightGradient(Convolution.Geometry.of(in, window, dout), call.at("in", in, READ), call.at("dout", dout, READ),
                    call.at("dweight", dweight, accumulate ? UPDATE : WRITE), accumulate);
        } else if (!accumulate) {
            fill(dweight, 0);
        }
        keep(in, dout, dweight);
    }

    @Override
    public void upsample(Tensor in, Resampling resampling, float factor, Tensor out) {
        Shapes.doubled(in, out);
        resample("upsample", in, in, resampling, factor, out);
    }

    @Override
    public void downsample(Tensor in, Resampling resampling, float factor, Tensor out) {
        Shapes.doubled(out, in);
        resample("downsample", out, in, resampling, factor, out);
    }

    private void resample(String kernel, Tensor small, Tensor in, Resampling resampling, float factor, Tensor out) {
        float near = switch (resampling) {
            case NEAREST -> NEAREST;
            case BILINEAR -> BILINEAR;
        };
        flat(kernel, out).number((int) small.extent(1)).number((int) small.extent(2)).number((int) small.extent(3)).number(near).number(factor)
                .reads("in", in).writes("out", out).each(out.size());
    }

    /// A call for each element of tensors of that size.
    private CudaCall flat(String kernel, Tensor sized) {
        return call.to(kernel).number(Math.toIntExact(sized.size()));
    }

    /// A call by columns of tensors of that shape.
    private CudaCall columns(String kernel, CudaColumns columns) {
        return call.to(kernel).number(columns.rows()).number(columns.channels());
    }

    @Override
    public void biasActivate(Tensor x, Tensor bias, Activation activation) {
        Shapes.vector("bias", bias, Shapes.channels("x", x));
        if (x == multiplied && call.amendment().reads("bias", bias).activation(activation).amend(product, PRODUCT_BIAS)) {
            return;
        }
        var columns = CudaColumns.of(x);
        columns("biasActivate", columns).updates("x", x).reads("bias", bias).activation(activation);
        channelSums.over(columns);
    }

    @Override
    public void activateBackward(Tensor y, Tensor dy, Activation activation) {
        Shapes.same("dy", dy, y);
        if (activation.kind() != Activation.Kind.LINEAR) {
            flat("activateBackward", y).reads("y", y).updates("dy", dy).activation(activation).each(y.size());
        }
    }

    @Override
    public void activateBackwardBias(Tensor y, Tensor dy, Activation activation, Tensor dbias, boolean accumulate) {
        Shapes.same("dy", dy, y);
        Shapes.vector("dbias", dbias, Shapes.channels("y", y));
        channelSums.activateBackwardBias(y, dy, activation, dbias, accumulate);
    }

    @Override
    public void maxout(Tensor z, Tensor bias, Tensor y, Tensor winner) {
        int pieces = Shapes.pieces(z, y);
        Shapes.vector("bias", bias, z.extent(1));
        Shapes.same("winner", winner, y);
        flat("maxout", y).number((int) y.extent(1)).number(pieces).reads("z", z).reads("bias", bias).writes("y", y).writes("winner", winner)
                .each(y.size());
    }

    @Override
    public void maxoutBackward(Tensor dy, Tensor winner, Tensor dz, Tensor dbias, boolean accumulate) {
        int pieces = Shapes.pieces(dz, dy);
        Shapes.same("winner", winner, dy);
        Shapes.vector("dbias", dbias, dz.extent(1));
        flat("maxoutBackward", dz).number(pieces).reads("dy", dy).reads("winner", winner).writes("dz", dz).each(dz.size());
        channelSums.activateBackwardBias(dz, dz, Activation.LINEAR, dbias, accumulate);
    }

    @Override
    public void batchNorm(Tensor x, Tensor gamma, Tensor beta, float epsilon, Activation activation, Tensor mean, Tensor variance, Tensor y) {
        Shapes.vector("beta", beta, Shapes.batchNorm(x, y, gamma, mean, variance, epsilon));
        if (x.size() > 0) {
            channelSums.statistics(x, mean, variance);
        }
        batchNormInference(x, gamma, beta, epsilon, activation, mean, variance, y);
    }

    @Override
    public void batchNormInference(Tensor x, Tensor gamma, Tensor beta, float epsilon, Activation activation, Tensor mean, Tensor variance,
            Tensor y) {
        Shapes.vector("beta", beta, Shapes.batchNorm(x, y, gamma, mean, variance, epsilon));
        var columns = CudaColumns.of(x);
        columns("normalise", columns).reads("x", x).reads("gamma", gamma).reads("beta", beta).number(epsilon).activation(activation)
                .reads("mean", mean).reads("variance", variance).writes("y", y);
        channelSums.over(columns);
    }

    @Override
    public void batchNormBackward(Tensor x, Tensor y, Tensor dy, Tensor gamma, float epsilon, Activation activation, Tensor mean, Tensor variance,
            Tensor dx, Tensor dgamma, Tensor dbeta, boolean accumulate) {
        Shapes.batchNorm(x, y, gamma, mean, variance, epsilon);
        Shapes.batchNormGradients(x, dx, dgamma, dbeta);
        Shapes.same("dy", dy, y);
        channelSums.batchNormBackward(x, y, dy, gamma, epsilon, activation, mean, variance, dx, dgamma, dbeta, accumulate);
    }

    @Override
    public void dropoutMask(Tensor mask, float keep, Draw draw) {
        Shapes.keep(keep);
        fill(MASK, draw, mask).nothing().number(1 / keep).number(keep).writes("mask", mask).each(counters(draw, mask));
    }

    @Override
    public void multiply(Tensor a, Tensor b, Tensor out) {
        Shapes.same("b", b, a);
        Shapes.same("out", out, a);
        flat("multiply", a).reads("a", a).reads("b", b).writes("out", out).each(a.size());
    }

    @Override
    public void addNormal(Tensor a, float scale, Draw draw, Tensor out) {
        Shapes.same("out", out, a);
        fill(NORMAL, draw, out).reads("a", a).number(scale).number(0f).writes("out", out).each(counters(draw, out));
    }

    @Override
    public void normal(Tensor out, Draw draw) {
        fill(NORMAL, draw, out).nothing().number(1f).number(0f).writes("out", out).each(counters(draw, out));
    }

    @Override
    public void uniform(Tensor out, float low, float high, Draw draw) {
        fill(UNIFORM, draw, out).nothing().number(high - low).number(low).writes("out", out).each(counters(draw, out));
    }

    private CudaCall fill(int what, Draw draw, Tensor out) {
        long first = draw.first(out);
        Philox.check(draw.step(), (first + out.size()) / 4);
        return call.to("fillRandom").number((int) counters(draw, out)).number(out.size()).number(first).number(what).number((int) draw.seed())
                .number((int) (draw.seed() >>> 32)).number(draw.stream()).number(draw.step());
    }

    private static long counters(Draw draw, Tensor out) {
        return (draw.first(out) % Philox.GROUP + out.size() + Philox.GROUP - 1) / Philox.GROUP * Philox.COUNTERS;
    }

    @Override
    public void scaleRows(Tensor x, Tensor factors) {
        Shapes.rank("x", x, 1);
        Shapes.vector("factors", factors, x.extent(0));
        flat("scaleRows", x).number(width(x)).updates("x", x).reads("factors", factors).each(x.size());
    }

    @Override
    public void copy(Tensor x, Tensor y) {
        Shapes.same("y", y, x);
        flat("copy", x).reads("x", x).writes("y", y).each(x.size());
    }

    @Override
    public void add(Tensor x, Tensor y) {
        Shapes.same("y", y, x);
        flat("add", x).reads("x", x).updates("y", y).each(x.size());
    }

    @Override
    public void movingAverage(Tensor average, Tensor x, float decay) {
        Shapes.same("x", x, average);
        if (x == updated && call.amendment().updates("average", average).number(decay).amend(update, ADAM_AVERAGE)) {
            return;
        }
        flat("movingAverage", x).updates("average", average).reads("x", x).number(decay).each(x.size());
    }

    @Override
    public boolean onHost() {
        return false;
    }

    @Override
    public void fill(Tensor x, double value) {
        if (x.type() == ElementType.FLOAT64) {
            call.to("fillDoubles").number((int) x.size()).sums("x", x).number(value).each(x.size());
        } else {
            flat("fill", x).writes("x", x).number((float) value).each(x.size());
        }
    }

    @Override
    public void addScaled(Tensor x, float scale, Tensor y) {
        Shapes.same("y", y, x);
        flat("addScaled", x).reads("x", x).number(scale).updates("y", y).each(x.size());
    }

    @Override
    public void takeChannels(Tensor x, int from, Tensor out) {
        Shapes.slice(x, out, from);
        flat("takeChannels", out).number((int) out.extent(out.rank() - 1)).number((int) x.extent(x.rank() - 1)).number(from).reads("x", x)
                .writes("out", out).each(out.size());
    }

    @Override
    public void putChannels(Tensor x, int from, Tensor out) {
        Shapes.slice(out, x, from);
        flat("putChannels", x).number((int) x.extent(x.rank() - 1)).number((int) out.extent(out.rank() - 1)).number(from).reads("x", x)
                .updates("out", out).each(x.size());
    }

    @Override
    public void combineRows(Tensor x, Tensor s, Tensor t, Tensor w, Tensor out) {
        Shapes.rank("x", x, 1);
        Shapes.vector("s", s, x.extent(0));
        Shapes.same("t", t, x);
        Shapes.vector("w", w, x.extent(0));
        Shapes.same("out", out, x);
        flat("combineRows", x).number(width(x)).reads("x", x).reads("s", s).updates("t", t).reads("w", w).writes("out", out).each(x.size());
    }

    /// Elements of a row.
    private static int width(Tensor x) {
        return x.extent(0) == 0 ? 1 : (int) (x.size() / x.extent(0));
    }

    @Override
    public void changeImages(Tensor x, List<ImageChange> changes, double black, Tensor out) {
        Shapes.changes(x, changes, out);
        changeImages(false, x, changes, black, out);
    }

    @Override
    public void changeImagesBack(Tensor dy, List<ImageChange> changes, Tensor dx) {
        Shapes.changes(dy, changes, dx);
        changeImages(true, dy, changes, 0, dx);
    }

    /// The image's mean first, of which contrast is measured from.
    private void changeImages(boolean back, Tensor x, List<ImageChange> changes, double black, Tensor out) {
        if (x.size() == 0) {
            return;
        }
        var sent = sent(changes);
        long bytes = (long) changes.size() * Double.BYTES;
        long means = imageMeans.bytes(bytes);
        images("meansOfImages", changes.size(), x).reads("changes", sent).number(back ? 1 : 0).reads("x", x).writes(means, bytes)
                .on(Math.min(changes.size(), MOST_ROWS), 1, THREADS, 1);
        images(back ? "changeImagesBack" : "changeImages", Math.toIntExact(x.size()), x).reads("changes", sent).reads(means, bytes)
                .number((float) black).reads("x", x).writes("out", out).each(x.size());
    }

    private CudaCall images(String kernel, int count, Tensor x) {
        return call.to(kernel).number(count).number((int) x.extent(1)).number((int) x.extent(2)).number((int) x.extent(3));
    }

    private Tensor sent(List<ImageChange> changes) {
        if (imageChanges.extent(0) < changes.size()) {
            imageChanges = allocate(changes.size(), CHANGE);
        }
        var sent = imageChanges.rows(0, changes.size());
        for (int i = 0; i < changes.size(); i++) {
            var change = changes.get(i);
            float[] numbers = {change.flip() ? 1 : 0, change.colours() ? 1 : 0, (float) change.brightness(), (float) change.saturation(),
                (float) change.contrast(), change.right(), change.down(), change.left(), change.top(), change.cutWidth(), change.cutHeight()};
            sent.set((long) i * CHANGE, numbers, CHANGE, 1);
        }
        return sent;
    }

    @Override
    public void squaresOfRows(Tensor x, Tensor out) {
        Shapes.rank("x", x, 1);
        Shapes.vector("out", out, x.extent(0));
        if (x.extent(0) > 0) {
            call.to("squaresOfRows").number((int) x.extent(0)).number(width(x)).reads("x", x).writes("out", out)
                    .on((int) Math.min(x.extent(0), MOST_ROWS), 1, THREADS, 1);
        }
    }

    @Override
    public void maxoutTangent(Tensor z, Tensor winner, Tensor y) {
        int pieces = Shapes.pieces(z, y);
        Shapes.same("winner", winner, y);
        flat("maxoutTangent", y).number(pieces).reads("z", z).reads("winner", winner).writes("y", y).each(y.size());
    }

    @Override
    public void loss(Tensor a, Loss loss, long of, Tensor slopes, Tensor sums, int at) {
        Shapes.loss(a, slopes, sums, at);
        flat("loss", a).reads("a", a).number(loss.curve().ordinal()).number(loss.scale()).number(loss.shift()).number(loss.tilt())
                .number(loss.weight()).number((double) of);
        if (slopes.size() > 0) {
            call.writes("slopes", slopes);
        } else {
            call.nothing();
        }
        call.sum("sums", sums, at).on(1, 1, THREADS, 1);
    }

    @Override
    public Pending<double[]> read(Tensor from) {
        if (from.size() == 0) {
            return Pending.of(new double[0]);
        }
        var arriving = queue.fetch(CudaMirror.address(from, queue, READ), from.size() * from.type().width());
        keep(from);
        int size = Math.toIntExact(from.size());
        boolean doubles = from.type() == ElementType.FLOAT64;
        return new Pending<>() {

            private double @Nullable [] values;

            @Override
            public synchronized double[] get() {
                if (values == null) {
                    values = new double[size];
                    var memory = arriving.await();
                    for (int i = 0; i < size; i++) {
                        values[i] = doubles ? memory.getAtIndex(ValueLayout.JAVA_DOUBLE, i) : memory.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                    }
                    arriving.close();
                }
                return values;
            }

            @Override
            public synchronized boolean ready() {
                return values != null || arriving.arrived();
            }
        };
    }

    @Override
    public void momentumStep(Tensor weight, Tensor gradient, Tensor velocity, float rate, float momentum, Tensor squares) {
        Shapes.same("gradient", gradient, weight);
        Shapes.squares(squares);
        Shapes.same("velocity", velocity, weight);
        flat("momentumStep", weight).updates("weight", weight).reads("gradient", gradient).updates("velocity", velocity).number(rate)
                .number(momentum);
        sum(squares);
    }

    @Override
    public void adamStep(Tensor weight, Tensor gradient, Tensor m, Tensor v, float rate, float beta1, float beta2, float epsilon, long t,
            Tensor squares) {
        Shapes.same("gradient", gradient, weight);
        Shapes.squares(squares);
        Shapes.same("m", m, weight);
        Shapes.same("v", v, weight);
        Shapes.update(t);
        Shapes.positive("epsilon", epsilon);
        flat("adamStep", weight).updates("weight", weight).reads("gradient", gradient).updates("m", m).updates("v", v).number(rate).number(beta1)
                .number(beta2).number(epsilon).number((float) (1 / (1 - Math.pow(beta1, t)))).number((float) (1 / (1 - Math.pow(beta2, t))));
        summing(squares).nothing().number(0f);
        update = call.on(SUM_BLOCKS, 1, THREADS, 1);
        updated = weight;
    }

    @Override
    public double sumOfSquares(Tensor x) {
        var squares = sums(1);
        flat("squares", x).reads("x", x);
        sum(squares);
        return read(squares).get()[0];
    }

    /// Runs a call whose kernel sums up over its grid.
    private void sum(Tensor sums) {
        summing(sums).on(SUM_BLOCKS, 1, THREADS, 1);
    }

    private CudaCall summing(Tensor sums) {
        return call.writes(partialSums, TICKET).writes(partialSums + TICKET, Integer.BYTES).sums("sums", sums);
    }

    @Override
    public void finish() {
        queue.finish();
    }

    /// Frees what it holds on the card; tensors free themselves.
    @Override
    public void close() {
        convolutions.close();
        channelSums.close();
        imageMeans.close();
        queue.free(partialSums);
        queue.close();
    }

    private void keep(Tensor... tensors) {
        for (Tensor tensor : tensors) {
            Reference.reachabilityFence(tensor);
        }
        call.release();
    }
}
