package dev.vertigan.tensor;

import static dev.vertigan.tensor.Memory.Access.READ;
import static dev.vertigan.tensor.Memory.Access.UPDATE;
import static dev.vertigan.tensor.Memory.Access.WRITE;

import dev.vertigan.cuda.Device;
import dev.vertigan.cuda.MatrixProducts;
import dev.vertigan.cuda.NoDevice;
import dev.vertigan.cuda.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.nd4j.linalg.api.buffer.DataType;
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

    private static final int NORM_BLOCKS = 256;
    private static final int NORM_THREADS = 256;
    private static final int NORMS = 3;

    private static final int NORMAL = 0;
    private static final int UNIFORM = 1;
    private static final int MASK = 2;

    private static final float NEAREST = 1; // share of the nearest pixel
    private static final float BILINEAR = 0.75f;
    private static final long NONE = 0;

    private final Device device;
    private final Program program;
    private final MatrixProducts products;
    private final CudaConvolutions convolutions;
    private final CudaChannelSums channelSums;
    private final CudaScratch norms;
    private final MemorySegment hostNorms = Arena.ofAuto().allocate(ValueLayout.JAVA_DOUBLE, (long) NORM_BLOCKS * NORMS);

    /// Compiles the kernels for the card, if no others did, and tries them.
    ///
    /// @throws NoDevice if there is no card, NVRTC or cuBLAS is not installed, or they do not fit together
    public CudaKernels() throws NoDevice {
        device = Device.find();
        try {
            program = device.compile(source());
            products = device.products();
            convolutions = new CudaConvolutions(device, program, products);
            channelSums = new CudaChannelSums(device, program);
            norms = new CudaScratch(device);
            trial();
        } catch (IllegalStateException | UnsatisfiedLinkError | OutOfMemoryError e) {
            throw new NoDevice(String.format(Locale.ROOT, "%s cannot be used: %s", device.name(), Nd4jCuda.reason(e)), true);
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

    /// These kernels, if there is a card. If all that is missing is something its owner can mend, it says so, once.
    static Optional<CudaKernels> ifThereIsACard() {
        try {
            return Optional.of(new CudaKernels());
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
        return String.format(Locale.ROOT, "cuda %s, %s, float32", device.name(), products.name());
    }

    @Override
    public DataType type() {
        return DataType.FLOAT;
    }

    @Override
    public Tensor allocate(long... shape) {
        return Tensor.allocate(DataType.FLOAT, shape);
    }

    @Override
    public void matmul(Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor out, boolean accumulate) {
        Shapes.product(a, transposeA, b, transposeB, out);
        long k = a.extent(transposeA ? 0 : 1);
        if (out.size() > 0 && k > 0) {
            products.multiply(transposeA, transposeB, (int) out.extent(0), (int) out.extent(1), (int) k, at("a", a, READ), at("b", b, READ),
                    at("out", out, accumulate ? UPDATE : WRITE), accumulate);
        } else if (!accumulate) {
            device.clear(at("out", out, WRITE), out.size() * Float.BYTES);
        }
        keep(a, b, out);
    }

    @Override
    public void convolve(Tensor in, Tensor weight, Window window, Tensor out) {
        Shapes.convolution(in, weight, window, out);
        if (out.size() > 0) {
            convolutions.convolve(Convolution.Geometry.of(in, window, out), at("in", in, READ), at("weight", weight, READ), at("out", out, WRITE));
        }
        keep(in, weight, out);
    }

    @Override
    public void convolveTransposed(Tensor in, Tensor weight, Window window, Tensor out) {
        Shapes.convolution(out, weight, window, in);
        if (out.size() > 0) {
            convolutions.transposed(Convolution.Geometry.of(out, window, in), at("in", in, READ), at("weight", weight, READ), at("out", out, WRITE));
        }
        keep(in, weight, out);
    }

    @Override
    public void convolveWeightGradient(Tensor in, Tensor dout, Window window, Tensor dweight, boolean accumulate) {
        Shapes.convolution(in, dweight, window, dout);
        long gradient = at("dweight", dweight, accumulate ? UPDATE : WRITE);
        if (dout.size() > 0) {
            convolutions.weightGradient(Convolution.Geometry.of(in, window, dout), at("in", in, READ), at("dout", dout, READ), gradient, accumulate);
        } else if (!accumulate) {
            device.clear(gradient, dweight.size() * Float.BYTES);
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
        program.each(kernel, out.size(), (int) small.extent(1), (int) small.extent(2), (int) small.extent(3), near, factor, at("in", in, READ),
                at("out", out, WRITE));
        keep(in, out);
    }

    @Override
    public void biasActivate(Tensor x, Tensor bias, Activation activation) {
        long channels = Shapes.channels("x", x);
        Shapes.vector("bias", bias, channels);
        program.each("biasActivate", x.size(), channels, at("x", x, UPDATE), at("bias", bias, READ), activation.kind().ordinal(), activation.slope());
        keep(x, bias);
    }

    @Override
    public void activateBackward(Tensor y, Tensor dy, Activation activation) {
        Shapes.same("dy", dy, y);
        if (activation.kind() != Activation.Kind.LINEAR) {
            program.each("activateBackward", y.size(), at("y", y, READ), at("dy", dy, UPDATE), activation.kind().ordinal(), activation.slope());
        }
        keep(y, dy);
    }

    @Override
    public void activateBackwardBias(Tensor y, Tensor dy, Activation activation, Tensor dbias, boolean accumulate) {
        Shapes.vector("dbias", dbias, Shapes.channels("y", y));
        activateBackward(y, dy, activation);
        channelSums.sum(dy, at("dy", dy, READ), at("dbias", dbias, accumulate ? UPDATE : WRITE), accumulate);
        keep(dy, dbias);
    }

    @Override
    public void maxout(Tensor z, Tensor bias, Tensor y, Tensor winner) {
        int pieces = Shapes.pieces(z, y);
        Shapes.vector("bias", bias, z.extent(1));
        Shapes.same("winner", winner, y);
        program.each("maxout", y.size(), y.extent(1), pieces, at("z", z, READ), at("bias", bias, READ), at("y", y, WRITE),
                at("winner", winner, WRITE));
        keep(z, bias, y, winner);
    }

    @Override
    public void maxoutBackward(Tensor dy, Tensor winner, Tensor dz, Tensor dbias, boolean accumulate) {
        int pieces = Shapes.pieces(dz, dy);
        Shapes.same("winner", winner, dy);
        Shapes.vector("dbias", dbias, dz.extent(1));
        program.each("maxoutBackward", dz.size(), pieces, at("dy", dy, READ), at("winner", winner, READ), at("dz", dz, WRITE));
        channelSums.sum(dz, at("dz", dz, READ), at("dbias", dbias, accumulate ? UPDATE : WRITE), accumulate);
        keep(dy, winner, dz, dbias);
    }

    @Override
    public void batchNorm(Tensor x, Tensor gamma, Tensor beta, float epsilon, Activation activation, Tensor mean, Tensor variance, Tensor y) {
        Shapes.vector("beta", beta, Shapes.batchNorm(x, y, gamma, mean, variance, epsilon));
        if (x.size() > 0) {
            channelSums.statistics(x, at("x", x, READ), at("mean", mean, WRITE), at("variance", variance, WRITE));
        }
        batchNormInference(x, gamma, beta, epsilon, activation, mean, variance, y);
    }

    @Override
    public void batchNormInference(Tensor x, Tensor gamma, Tensor beta, float epsilon, Activation activation, Tensor mean, Tensor variance,
            Tensor y) {
        long channels = Shapes.batchNorm(x, y, gamma, mean, variance, epsilon);
        Shapes.vector("beta", beta, channels);
        program.each("normalise", x.size(), channels, at("x", x, READ), at("gamma", gamma, READ), at("beta", beta, READ), epsilon,
                activation.kind().ordinal(), activation.slope(), at("mean", mean, READ), at("variance", variance, READ), at("y", y, WRITE));
        keep(x, gamma, beta, mean, variance, y);
    }

    @Override
    public void batchNormBackward(Tensor x, Tensor y, Tensor dy, Tensor gamma, float epsilon, Activation activation, Tensor mean, Tensor variance,
            Tensor dx, Tensor dgamma, Tensor dbeta, boolean accumulate) {
        Shapes.batchNorm(x, y, gamma, mean, variance, epsilon);
        Shapes.batchNormGradients(x, dx, dgamma, dbeta);
        activateBackward(y, dy, activation);
        var access = accumulate ? UPDATE : WRITE;
        channelSums.batchNormBackward(x, at("x", x, READ), at("dy", dy, READ), at("gamma", gamma, READ), epsilon, at("mean", mean, READ),
                at("variance", variance, READ), at("dx", dx, WRITE), at("dgamma", dgamma, access), at("dbeta", dbeta, access), accumulate);
        keep(x, y, dy, gamma, mean, variance, dx, dgamma, dbeta);
    }

    @Override
    public void dropoutMask(Tensor mask, float keep, Draw draw) {
        Shapes.keep(keep);
        fill(MASK, draw, NONE, 1 / keep, keep, "mask", mask);
    }

    @Override
    public void multiply(Tensor a, Tensor b, Tensor out) {
        Shapes.same("b", b, a);
        Shapes.same("out", out, a);
        program.each("multiply", a.size(), at("a", a, READ), at("b", b, READ), at("out", out, WRITE));
        keep(a, b, out);
    }

    @Override
    public void addNormal(Tensor a, float scale, Draw draw, Tensor out) {
        Shapes.same("out", out, a);
        fill(NORMAL, draw, at("a", a, READ), scale, 0, "out", out);
        keep(a);
    }

    @Override
    public void normal(Tensor out, Draw draw) {
        fill(NORMAL, draw, NONE, 1, 0, "out", out);
    }

    @Override
    public void uniform(Tensor out, float low, float high, Draw draw) {
        fill(UNIFORM, draw, NONE, high - low, low, "out", out);
    }

    private void fill(int what, Draw draw, long in, float scale, float offset, String name, Tensor out) {
        long groups = (out.size() + Philox.GROUP - 1) / Philox.GROUP;
        Philox.check(draw.step(), out.size() / 4);
        program.each("fillRandom", groups * Philox.COUNTERS, out.size(), what, (int) draw.seed(), (int) (draw.seed() >>> 32), draw.stream(),
                draw.step(), in, scale, offset, at(name, out, WRITE));
        keep(out);
    }

    @Override
    public void scaleRows(Tensor x, Tensor factors) {
        Shapes.rank("x", x, 1);
        Shapes.vector("factors", factors, x.extent(0));
        program.each("scaleRows", x.size(), x.extent(0) == 0 ? 1 : x.size() / x.extent(0), at("x", x, UPDATE), at("factors", factors, READ));
        keep(x, factors);
    }

    @Override
    public void copy(Tensor x, Tensor y) {
        Shapes.same("y", y, x);
        device.copy(at("x", x, READ), at("y", y, WRITE), x.size() * Float.BYTES);
        keep(x, y);
    }

    @Override
    public void add(Tensor x, Tensor y) {
        Shapes.same("y", y, x);
        program.each("add", x.size(), at("x", x, READ), at("y", y, UPDATE));
        keep(x, y);
    }

    @Override
    public void movingAverage(Tensor average, Tensor x, float decay) {
        Shapes.same("x", x, average);
        program.each("movingAverage", x.size(), at("average", average, UPDATE), at("x", x, READ), decay);
        keep(average, x);
    }

    @Override
    public boolean onHost() {
        return false;
    }

    @Override
    public void addScaled(Tensor x, float scale, Tensor y) {
        Shapes.same("y", y, x);
        for (long i = 0; i < x.size(); i++) {
            y.set(i, Math.fma((float) x.get(i), scale, (float) y.get(i)));
        }
    }

    @Override
    public void squaresOfRows(Tensor x, Tensor out) {
        Shapes.rank("x", x, 1);
        Shapes.vector("out", out, x.extent(0));
        long columns = x.extent(0) == 0 ? 0 : x.size() / x.extent(0);
        for (long row = 0; row < x.extent(0); row++) {
            double sum = 0;
            for (long i = row * columns; i < (row + 1) * columns; i++) {
                sum += x.get(i) * x.get(i);
            }
            out.set(row, sum);
        }
    }

    @Override
    public void maxoutTangent(Tensor z, Tensor winner, Tensor y) {
        int pieces = Shapes.pieces(z, y);
        Shapes.same("winner", winner, y);
        for (long i = 0; i < y.size(); i++) {
            y.set(i, z.get(i * pieces + (long) winner.get(i)));
        }
    }

    @Override
    public void momentumStep(Tensor weight, Tensor gradient, Tensor velocity, float rate, float momentum, Tensor squares) {
        Shapes.same("gradient", gradient, weight);
        Shapes.squares(squares);
        Shapes.same("velocity", velocity, weight);
        double[] found = norms("momentumStep", weight.size(), at("weight", weight, UPDATE), at("gradient", gradient, READ),
                at("velocity", velocity, UPDATE), rate, momentum);
        keep(weight, gradient, velocity);
        squares.set(0, found[0]);
        squares.set(1, found[1]);
        squares.set(2, found[2]);
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
        double[] found = norms("adamStep", weight.size(), at("weight", weight, UPDATE), at("gradient", gradient, READ), at("m", m, UPDATE),
                at("v", v, UPDATE), rate, beta1, beta2, epsilon, (float) (1 / (1 - Math.pow(beta1, t))), (float) (1 / (1 - Math.pow(beta2, t))));
        keep(weight, gradient, m, v);
        squares.set(0, found[0]);
        squares.set(1, found[1]);
        squares.set(2, found[2]);
    }

    @Override
    public double sumOfSquares(Tensor x) {
        double sum = norms("squares", x.size(), at("x", x, READ))[0];
        keep(x);
        return sum;
    }

    /// Runs a kernel whose blocks leave sums, and adds them up.
    private double[] norms(String kernel, long count, Object... arguments) {
        if (count == 0) {
            return new double[NORMS];
        }
        var all = new Object[arguments.length + 2];
        long sums = norms.bytes(hostNorms.byteSize());
        all[0] = count;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[all.length - 1] = sums;
        program.run(kernel, NORM_BLOCKS, 1, NORM_THREADS, 1, all);
        device.fetch(sums, hostNorms);
        double[] totals = new double[NORMS];
        for (int i = 0; i < NORM_BLOCKS * NORMS; i++) {
            totals[i % NORMS] += hostNorms.getAtIndex(ValueLayout.JAVA_DOUBLE, i);
        }
        return totals;
    }

    @Override
    public void finish() {
        device.finish();
    }

    /// Frees what it holds on the card; tensors free themselves.
    @Override
    public void close() {
        convolutions.close();
        channelSums.close();
        norms.close();
        products.close();
    }

    private long at(String name, Tensor tensor, Memory.Access access) {
        Shapes.type(name, tensor, DataType.FLOAT);
        return tensor.address(device, access);
    }

    /// The kernels work on addresses: the tensors must outlive the call. On the card memory is freed in the order of calls.
    private static void keep(Tensor... tensors) {
        for (Tensor tensor : tensors) {
            Reference.reachabilityFence(tensor);
        }
    }
}
