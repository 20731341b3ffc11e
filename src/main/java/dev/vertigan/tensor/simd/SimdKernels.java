package dev.vertigan.tensor.simd;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Lanes;
import dev.vertigan.tensor.Resampling;
import dev.vertigan.tensor.Shapes;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.Window;
import dev.vertigan.tensor.Workers;
import dev.vertigan.tensor.blas.Blas;
import java.lang.ref.Reference;
import java.util.Locale;

/// Float32 on the CPU: BLAS for large matrix products, fused Vector API loops for everything else, on threads of its own.
///
/// Results do not depend on the number of threads. Instances are independent of each other; each may be used by another thread.
public final class SimdKernels implements Kernels {

    private final Workers workers;
    private final SimdGemm gemm;
    private final SimdActivations activations;
    private final SimdMaxout maxout;
    private final SimdBatchNorm batchNorm;
    private final SimdElementwise elementwise;
    private final SimdOptimisers optimisers;
    private final SimdRandom random;
    private final SimdConvolutions convolutions;
    private final SimdResampling resampling;

    /// @param threads how many threads compute, the caller's included; at least 1
    /// @throws dev.vertigan.config.UserError if the BLAS that was asked for is not to be had
    public SimdKernels(int threads) {
        Blas.load();
        workers = new Workers(threads);
        gemm = new SimdGemm(workers);
        activations = new SimdActivations(workers);
        maxout = new SimdMaxout(workers);
        batchNorm = new SimdBatchNorm(workers, activations);
        elementwise = new SimdElementwise(workers);
        optimisers = new SimdOptimisers(workers);
        random = new SimdRandom(workers);
        convolutions = new SimdConvolutions(workers, gemm, activations);
        resampling = new SimdResampling(workers);
    }

    /// As in `simd AVX-512 (16 lanes), MKL, 2 threads`.
    @Override
    public String describe() {
        return String.format(Locale.ROOT, "simd %s (%d lanes), %s, %d %s", instructions(), Lanes.L, Blas.name(), workers.threads(),
                workers.threads() == 1 ? "thread" : "threads");
    }

    private static String instructions() {
        boolean x86 = System.getProperty("os.arch").equals("amd64");
        return switch (Lanes.F.vectorBitSize()) {
            case 512 -> x86 ? "AVX-512" : "SVE 512";
            case 256 -> x86 ? "AVX2" : "SVE 256";
            case 128 -> x86 ? "SSE" : "NEON";
            default -> Lanes.F.vectorBitSize() + " bits";
        };
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
        floats("a", a);
        floats("b", b);
        floats("out", out);
        Shapes.product(a, transposeA, b, transposeB, out);
        gemm.matmul(a, transposeA, b, transposeB, out, accumulate);
        keep(a, b, out);
    }

    @Override
    public void convolve(Tensor in, Tensor weight, Window window, Tensor out) {
        floats("in", in);
        floats("weight", weight);
        floats("out", out);
        convolutions.convolve(in, weight, window, out);
        keep(in, weight, out);
    }

    @Override
    public void convolveActivate(Tensor in, Tensor weight, Window window, Tensor bias, Activation activation, Tensor out) {
        floats("in", in);
        floats("weight", weight);
        floats("bias", bias);
        floats("out", out);
        convolutions.convolveActivate(in, weight, window, bias, activation, out);
        keep(in, weight, bias, out);
    }

    @Override
    public void convolveTransposed(Tensor in, Tensor weight, Window window, Tensor out) {
        floats("in", in);
        floats("weight", weight);
        floats("out", out);
        convolutions.transposed(in, weight, window, out);
        keep(in, weight, out);
    }

    @Override
    public void convolveWeightGradient(Tensor in, Tensor dout, Window window, Tensor dweight, boolean accumulate) {
        floats("in", in);
        floats("dout", dout);
        floats("dweight", dweight);
        convolutions.weightGradient(in, dout, window, dweight, accumulate);
        keep(in, dout, dweight);
    }

    @Override
    public void upsample(Tensor in, Resampling mode, float factor, Tensor out) {
        floats("in", in);
        floats("out", out);
        Shapes.doubled(in, out);
        resampling.upsample(in, mode, factor, out);
        keep(in, out);
    }

    @Override
    public void downsample(Tensor in, Resampling mode, float factor, Tensor out) {
        floats("in", in);
        floats("out", out);
        Shapes.doubled(out, in);
        resampling.downsample(in, mode, factor, out);
        keep(in, out);
    }

    @Override
    public void biasActivate(Tensor x, Tensor bias, Activation activation) {
        floats("x", x);
        floats("bias", bias);
        activations.biasActivate(x, bias, activation);
        keep(x, bias);
    }

    @Override
    public void activateBackward(Tensor y, Tensor dy, Activation activation) {
        floats("y", y);
        floats("dy", dy);
        activations.activateBackward(y, dy, activation);
        keep(y, dy);
    }

    @Override
    public void activateBackwardBias(Tensor y, Tensor dy, Activation activation, Tensor dbias, boolean accumulate) {
        floats("y", y);
        floats("dy", dy);
        floats("dbias", dbias);
        activations.activateBackwardBias(y, dy, activation, dbias, accumulate);
        keep(y, dy, dbias);
    }

    @Override
    public void maxout(Tensor z, Tensor bias, Tensor y, Tensor winner) {
        floats("z", z);
        floats("bias", bias);
        floats("y", y);
        floats("winner", winner);
        maxout.forward(z, bias, y, winner);
        keep(z, bias, y, winner);
    }

    @Override
    public void maxoutBackward(Tensor dy, Tensor winner, Tensor dz, Tensor dbias, boolean accumulate) {
        floats("dy", dy);
        floats("winner", winner);
        floats("dz", dz);
        floats("dbias", dbias);
        maxout.backward(dy, winner, dz, dbias, accumulate);
        keep(dy, winner, dz, dbias);
    }

    @Override
    public void batchNorm(Tensor x, Tensor gamma, Tensor beta, float epsilon, Activation activation, Tensor mean, Tensor variance, Tensor y) {
        normalise(x, gamma, beta, epsilon, activation, mean, variance, y, true);
    }

    @Override
    public void batchNormInference(Tensor x, Tensor gamma, Tensor beta, float epsilon, Activation activation, Tensor mean, Tensor variance,
            Tensor y) {
        normalise(x, gamma, beta, epsilon, activation, mean, variance, y, false);
    }

    private void normalise(Tensor x, Tensor gamma, Tensor beta, float epsilon, Activation activation, Tensor mean, Tensor variance, Tensor y,
            boolean ownStatistics) {
        floats("x", x);
        floats("gamma", gamma);
        floats("beta", beta);
        floats("mean", mean);
        floats("variance", variance);
        floats("y", y);
        batchNorm.forward(x, gamma, beta, epsilon, activation, mean, variance, y, ownStatistics);
        keep(x, gamma, beta, mean, variance, y);
    }

    @Override
    public void batchNormBackward(Tensor x, Tensor y, Tensor dy, Tensor gamma, float epsilon, Activation activation, Tensor mean, Tensor variance,
            Tensor dx, Tensor dgamma, Tensor dbeta, boolean accumulate) {
        floats("x", x);
        floats("y", y);
        floats("dy", dy);
        floats("gamma", gamma);
        floats("mean", mean);
        floats("variance", variance);
        floats("dx", dx);
        floats("dgamma", dgamma);
        floats("dbeta", dbeta);
        batchNorm.backward(x, y, dy, gamma, epsilon, activation, mean, variance, dx, dgamma, dbeta, accumulate);
        keep(x, y, dy, gamma, mean, variance, dx, dgamma, dbeta);
    }

    @Override
    public void dropoutMask(Tensor mask, float keep, Draw draw) {
        floats("mask", mask);
        random.dropoutMask(mask, keep, draw);
        keep(mask);
    }

    @Override
    public void multiply(Tensor a, Tensor b, Tensor out) {
        floats("a", a);
        floats("b", b);
        floats("out", out);
        elementwise.multiply(a, b, out);
        keep(a, b, out);
    }

    @Override
    public void addNormal(Tensor a, float scale, Draw draw, Tensor out) {
        floats("a", a);
        floats("out", out);
        random.addNormal(a, scale, draw, out);
        keep(a, out);
    }

    @Override
    public void normal(Tensor out, Draw draw) {
        floats("out", out);
        random.normal(out, draw);
        keep(out);
    }

    @Override
    public void uniform(Tensor out, float low, float high, Draw draw) {
        floats("out", out);
        random.uniform(out, low, high, draw);
        keep(out);
    }

    @Override
    public void scaleRows(Tensor x, Tensor factors) {
        floats("x", x);
        floats("factors", factors);
        elementwise.scaleRows(x, factors);
        keep(x, factors);
    }

    @Override
    public void copy(Tensor x, Tensor y) {
        floats("x", x);
        floats("y", y);
        Shapes.same("y", y, x);
        elementwise.copy(x, y);
        keep(x, y);
    }

    @Override
    public void add(Tensor x, Tensor y) {
        floats("x", x);
        floats("y", y);
        elementwise.add(x, y);
        keep(x, y);
    }

    @Override
    public void sum(Tensor a, Tensor b, Tensor out) {
        floats("a", a);
        floats("b", b);
        floats("out", out);
        elementwise.sum(a, b, out);
        keep(a, b, out);
    }

    @Override
    public void combineRows(Tensor x, Tensor s, Tensor t, Tensor w, Tensor out) {
        floats("x", x);
        floats("s", s);
        floats("t", t);
        floats("w", w);
        floats("out", out);
        elementwise.combineRows(x, s, t, w, out);
        keep(x, s, t, w, out);
    }

    @Override
    public void movingAverage(Tensor average, Tensor x, float decay) {
        floats("average", average);
        floats("x", x);
        elementwise.movingAverage(average, x, decay);
        keep(average, x);
    }

    @Override
    public void addScaled(Tensor x, float scale, Tensor y) {
        floats("x", x);
        floats("y", y);
        elementwise.addScaled(x, scale, y);
        keep(x, y);
    }

    @Override
    public void squaresOfRows(Tensor x, Tensor out) {
        floats("x", x);
        floats("out", out);
        elementwise.squaresOfRows(x, out);
        keep(x, out);
    }

    @Override
    public void maxoutTangent(Tensor z, Tensor winner, Tensor y) {
        floats("z", z);
        floats("winner", winner);
        floats("y", y);
        maxout.tangent(z, winner, y);
        keep(z, winner, y);
    }

    @Override
    public void momentumStep(Tensor weight, Tensor gradient, Tensor velocity, float rate, float momentum, Tensor squares) {
        floats("weight", weight);
        floats("gradient", gradient);
        floats("velocity", velocity);
        optimisers.momentumStep(weight, gradient, velocity, rate, momentum, squares);
        keep(weight, gradient, velocity);
    }

    @Override
    public void adamStep(Tensor weight, Tensor gradient, Tensor m, Tensor v, float rate, float beta1, float beta2, float epsilon, long t,
            Tensor squares) {
        floats("weight", weight);
        floats("gradient", gradient);
        floats("m", m);
        floats("v", v);
        optimisers.adamStep(weight, gradient, m, v, rate, beta1, beta2, epsilon, t, squares);
        keep(weight, gradient, m, v);
    }

    @Override
    public double sumOfSquares(Tensor x) {
        floats("x", x);
        var result = optimisers.sumOfSquares(x);
        keep(x);
        return result;
    }

    /// Ends the threads. What is called afterwards runs on the caller's thread alone.
    @Override
    public void close() {
        workers.close();
    }

    /// The kernels work on addresses: the tensors, and the scratch memory held here, must outlive the call.
    private void keep(Tensor... tensors) {
        for (Tensor tensor : tensors) {
            Reference.reachabilityFence(tensor);
        }
        Reference.reachabilityFence(this);
    }

    private static void floats(String name, Tensor tensor) {
        Shapes.type(name, tensor, ElementType.FLOAT32);
    }
}
