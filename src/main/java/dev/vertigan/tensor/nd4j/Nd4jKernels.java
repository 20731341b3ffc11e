package dev.vertigan.tensor.nd4j;

import static dev.vertigan.tensor.nd4j.Nd4jArrays.activate;
import static dev.vertigan.tensor.nd4j.Nd4jArrays.array;
import static dev.vertigan.tensor.nd4j.Nd4jArrays.dataType;
import static dev.vertigan.tensor.nd4j.Nd4jArrays.derive;
import static dev.vertigan.tensor.nd4j.Nd4jArrays.perChannel;
import static dev.vertigan.tensor.nd4j.Nd4jArrays.put;
import static dev.vertigan.tensor.nd4j.Nd4jArrays.rowsOf;
import static dev.vertigan.tensor.nd4j.Nd4jArrays.run;
import static dev.vertigan.tensor.nd4j.Nd4jArrays.squares;

import dev.vertigan.config.UserError;
import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.HostRandom;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.NativeFailure;
import dev.vertigan.tensor.Resampling;
import dev.vertigan.tensor.Shapes;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.Window;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/// ND4J operations only: any backend of ND4J, float32 or float64. Written to be read, as what [SimdKernels] is tested against.
///
/// Random numbers are made on the host, so they are the same on every backend. ND4J splits sums between its own threads.
public final class Nd4jKernels implements Kernels {

    private static int mostThreads;

    private final ElementType type;
    private final boolean apart;

    /// Starts ND4J.
    ///
    /// @param threads how many ND4J may use; it has one number for the process, so the most any of its kernels were given counts
    /// @throws UserError if ND4J cannot start
    public Nd4jKernels(ElementType type, int threads) {
        this(type, threads, false);
    }

    /// As the other, with ND4J's memory apart from the host's, as it is on a device.
    public Nd4jKernels(ElementType type, int threads, boolean apart) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: expected a number ≥ 1, found " + threads);
        }
        this.type = type;
        this.apart = apart;
        allow(threads);
    }

    private static synchronized void allow(int threads) {
        Nd4jCuda.works(); // what ND4J starts on
        mostThreads = Math.max(mostThreads, threads);
        try {
            Nd4j.getEnvironment().setMaxThreads(mostThreads);
        } catch (RuntimeException | LinkageError e) {
            throw new UserError(String.format(Locale.ROOT, "compute.kernels: expected ND4J to start, found \"%s\"; `simd` computes without it",
                    NativeFailure.reason(e)), e);
        }
    }

    @Override
    public String describe() {
        var information = Nd4j.getExecutioner().getEnvironmentInformation();
        return String.format(Locale.ROOT, "nd4j %s, %s, %s, %d threads", information.getProperty("backend"), information.getProperty("blas.vendor"),
                type, Nd4j.getEnvironment().maxThreads());
    }

    @Override
    public ElementType type() {
        return type;
    }

    @Override
    public Tensor allocate(long... shape) {
        return apart ? Nd4jArrays.allocateApart(type, shape) : Tensor.allocate(type, shape);
    }

    @Override
    public void matmul(Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor out, boolean accumulate) {
        check("a", a, "b", b, "out", out);
        Shapes.product(a, transposeA, b, transposeB, out);
        if (out.size() == 0) {
            return;
        }
        INDArray target = accumulate ? Nd4j.create(dataType(type), out.shape()) : array(out);
        if (a.size() > 0) {
            run("matmul", target, new int[] {transposeA ? 1 : 0, transposeB ? 1 : 0}, array(a), array(b));
        } else {
            target.assign(0);
        }
        if (accumulate) {
            array(out).addi(target);
        }
    }

    @Override
    public void convolve(Tensor in, Tensor weight, Window window, Tensor out) {
        check("in", in, "weight", weight, "out", out);
        Shapes.convolution(in, weight, window, out);
        if (out.size() > 0) {
            Nd4jConvolutions.convolve(in, weight, window, out);
        }
    }

    @Override
    public void convolveTransposed(Tensor in, Tensor weight, Window window, Tensor out) {
        check("in", in, "weight", weight, "out", out);
        Shapes.convolution(out, weight, window, in);
        if (out.size() > 0) {
            Nd4jConvolutions.transposed(in, weight, window, out);
        }
    }

    @Override
    public void convolveWeightGradient(Tensor in, Tensor dout, Window window, Tensor dweight, boolean accumulate) {
        check("in", in, "dout", dout, "dweight", dweight);
        Shapes.convolution(in, dweight, window, dout);
        put(dweight, dout.size() > 0 ? Nd4jConvolutions.weightGradient(in, dout, window, dweight) : Nd4j.zeros(dataType(type), dweight.shape()),
                accumulate);
    }

    @Override
    public void upsample(Tensor in, Resampling resampling, float factor, Tensor out) {
        check("in", in, "out", out);
        Shapes.doubled(in, out);
        if (in.size() > 0) {
            Nd4jConvolutions.upsample(in, resampling, factor, out);
        }
    }

    @Override
    public void downsample(Tensor in, Resampling resampling, float factor, Tensor out) {
        check("in", in, "out", out);
        Shapes.doubled(out, in);
        if (in.size() > 0) {
            Nd4jConvolutions.downsample(in, resampling, factor, out);
        }
    }

    @Override
    public void biasActivate(Tensor x, Tensor bias, Activation activation) {
        check("x", x, "bias", bias);
        Shapes.vector("bias", bias, Shapes.channels("x", x));
        if (x.size() > 0) {
            INDArray rows = rowsOf(x);
            rows.assign(activate(rows.add(perChannel(bias)), activation));
        }
    }

    @Override
    public void activateBackward(Tensor y, Tensor dy, Activation activation) {
        check("y", y, "dy", dy);
        Shapes.same("dy", dy, y);
        if (y.size() > 0) {
            INDArray gradient = array(dy);
            gradient.assign(derive(array(y), gradient, activation));
        }
    }

    @Override
    public void activateBackwardBias(Tensor y, Tensor dy, Activation activation, Tensor dbias, boolean accumulate) {
        check("dbias", dbias);
        Shapes.vector("dbias", dbias, Shapes.channels("y", y));
        activateBackward(y, dy, activation);
        put(dbias, y.size() == 0 ? Nd4j.zeros(dataType(type), dbias.size()) : rowsOf(dy).sum(0), accumulate);
    }

    @Override
    public void maxout(Tensor z, Tensor bias, Tensor y, Tensor winner) {
        check("z", z, "bias", bias, "y", y, "winner", winner);
        int pieces = Shapes.pieces(z, y);
        Shapes.vector("bias", bias, z.extent(1));
        Shapes.same("winner", winner, y);
        if (y.size() > 0) {
            Nd4jMaxout.forward(z, bias, y, winner, pieces);
        }
    }

    @Override
    public void maxoutBackward(Tensor dy, Tensor winner, Tensor dz, Tensor dbias, boolean accumulate) {
        check("dy", dy, "winner", winner, "dz", dz, "dbias", dbias);
        int pieces = Shapes.pieces(dz, dy);
        Shapes.same("winner", winner, dy);
        Shapes.vector("dbias", dbias, dz.extent(1));
        if (dy.size() == 0) {
            put(dbias, Nd4j.zeros(dataType(type), dbias.size()), accumulate);
            return;
        }
        Nd4jMaxout.backward(dy, winner, dz, pieces);
        put(dbias, array(dz).sum(0), accumulate);
    }

    @Override
    public void batchNorm(Tensor x, Tensor gamma, Tensor beta, float epsilon, Activation activation, Tensor mean, Tensor variance, Tensor y) {
        check("x", x, "mean", mean, "variance", variance);
        Shapes.vector("mean", mean, Shapes.channels("x", x));
        Shapes.vector("variance", variance, mean.size());
        if (x.size() > 0) {
            Nd4jBatchNorm.statistics(x, mean, variance);
        }
        batchNormInference(x, gamma, beta, epsilon, activation, mean, variance, y);
    }

    @Override
    public void batchNormInference(Tensor x, Tensor gamma, Tensor beta, float epsilon, Activation activation, Tensor mean, Tensor variance,
            Tensor y) {
        check("x", x, "gamma", gamma, "beta", beta, "mean", mean, "variance", variance, "y", y);
        Shapes.vector("beta", beta, Shapes.batchNorm(x, y, gamma, mean, variance, epsilon));
        if (x.size() > 0) {
            Nd4jBatchNorm.forward(x, gamma, beta, epsilon, activation, mean, variance, y);
        }
    }

    @Override
    public void batchNormBackward(Tensor x, Tensor y, Tensor dy, Tensor gamma, float epsilon, Activation activation, Tensor mean, Tensor variance,
            Tensor dx, Tensor dgamma, Tensor dbeta, boolean accumulate) {
        check("x", x, "y", y, "gamma", gamma, "mean", mean, "variance", variance, "dx", dx, "dgamma", dgamma);
        int channels = Shapes.batchNorm(x, y, gamma, mean, variance, epsilon);
        Shapes.batchNormGradients(x, dx, dgamma, dbeta);
        activateBackwardBias(y, dy, activation, dbeta, accumulate);
        if (x.size() == 0) {
            put(dgamma, Nd4j.zeros(dataType(type), channels), accumulate);
            return;
        }
        put(dgamma, Nd4jBatchNorm.backward(x, dy, gamma, epsilon, mean, variance, dx), accumulate);
    }

    @Override
    public void dropoutMask(Tensor mask, float keep, Draw draw) {
        check("mask", mask);
        HostRandom.dropoutMask(mask, keep, draw);
    }

    @Override
    public void multiply(Tensor a, Tensor b, Tensor out) {
        check("a", a, "b", b, "out", out);
        Shapes.same("b", b, a);
        Shapes.same("out", out, a);
        if (a.size() > 0) {
            array(out).assign(array(a).mul(array(b)));
        }
    }

    @Override
    public void addNormal(Tensor a, float scale, Draw draw, Tensor out) {
        check("a", a, "out", out);
        Shapes.same("out", out, a);
        Tensor noise = allocate(a.shape());
        normal(noise, draw);
        if (a.size() > 0) {
            array(out).assign(array(a).add(array(noise).mul(scale)));
        }
    }

    @Override
    public void normal(Tensor out, Draw draw) {
        check("out", out);
        HostRandom.normal(out, draw);
    }

    @Override
    public void uniform(Tensor out, float low, float high, Draw draw) {
        check("out", out);
        HostRandom.uniform(out, low, high, draw);
    }

    @Override
    public void scaleRows(Tensor x, Tensor factors) {
        check("x", x, "factors", factors);
        Shapes.rank("x", x, 1);
        Shapes.vector("factors", factors, x.extent(0));
        if (x.size() > 0) {
            array(x).reshape(x.extent(0), -1).muli(array(factors).reshape(x.extent(0), 1));
        }
    }

    @Override
    public void copy(Tensor x, Tensor y) {
        check("x", x, "y", y);
        Shapes.same("y", y, x);
        if (x.size() > 0) {
            array(y).assign(array(x));
        }
    }

    @Override
    public void add(Tensor x, Tensor y) {
        check("x", x, "y", y);
        Shapes.same("y", y, x);
        put(y, array(x), true);
    }

    @Override
    public void movingAverage(Tensor average, Tensor x, float decay) {
        check("average", average, "x", x);
        Shapes.same("x", x, average);
        if (x.size() > 0) {
            array(average).muli(decay).addi(array(x).mul(1 - decay));
        }
    }

    @Override
    public void addScaled(Tensor x, float scale, Tensor y) {
        check("x", x, "y", y);
        Shapes.same("y", y, x);
        if (x.size() > 0) {
            put(y, array(x).mul(scale), true);
        }
    }

    @Override
    public void squaresOfRows(Tensor x, Tensor out) {
        check("x", x, "out", out);
        Shapes.rank("x", x, 1);
        Shapes.vector("out", out, x.extent(0));
        if (x.size() > 0) {
            INDArray rows = array(x).reshape(x.extent(0), -1);
            put(out, rows.mul(rows).sum(1), false);
        }
    }

    @Override
    public void maxoutTangent(Tensor z, Tensor winner, Tensor y) {
        check("z", z, "winner", winner, "y", y);
        int pieces = Shapes.pieces(z, y);
        Shapes.same("winner", winner, y);
        if (y.size() > 0) {
            Nd4jMaxout.tangent(z, winner, y, pieces);
        }
    }

    @Override
    public void momentumStep(Tensor weight, Tensor gradient, Tensor velocity, float rate, float momentum, Tensor squares) {
        check("weight", weight, "gradient", gradient, "velocity", velocity);
        Shapes.same("gradient", gradient, weight);
        Shapes.squares(squares);
        Shapes.same("velocity", velocity, weight);
        if (weight.size() == 0) {
            fill(squares, 0);
            return;
        }
        INDArray update = array(velocity);
        update.muli(momentum).subi(array(gradient).mul(rate));
        array(weight).addi(update);
        Nd4jArrays.squares(squares, array(gradient), update, array(weight));
    }

    @Override
    public void adamStep(Tensor weight, Tensor gradient, Tensor m, Tensor v, float rate, float beta1, float beta2, float epsilon, long t,
            Tensor squares) {
        check("weight", weight, "gradient", gradient, "m", m, "v", v);
        Shapes.same("gradient", gradient, weight);
        Shapes.squares(squares);
        Shapes.same("m", m, weight);
        Shapes.same("v", v, weight);
        Shapes.update(t);
        Shapes.positive("epsilon", epsilon);
        if (weight.size() == 0) {
            fill(squares, 0);
            return;
        }
        INDArray g = array(gradient);
        INDArray first = array(m);
        INDArray second = array(v);
        first.muli(beta1).addi(g.mul(1 - beta1));
        second.muli(beta2).addi(g.mul(g).mul(1 - beta2));
        INDArray unbiasedFirst = first.div(1 - Math.pow(beta1, t));
        INDArray unbiasedSecond = second.div(1 - Math.pow(beta2, t));
        INDArray update = unbiasedFirst.mul(-rate).div(Transforms.sqrt(unbiasedSecond, false).add(epsilon));
        array(weight).addi(update);
        Nd4jArrays.squares(squares, g, update, array(weight));
    }

    @Override
    public double sumOfSquares(Tensor x) {
        check("x", x);
        return x.size() == 0 ? 0 : squares(array(x));
    }

    /// Nothing to end: ND4J lives as long as the process.
    @Override
    public void close() {}

    private void check(Object... namesAndTensors) {
        for (int i = 0; i < namesAndTensors.length; i += 2) {
            Shapes.type((String) namesAndTensors[i], (Tensor) namesAndTensors[i + 1], type);
        }
    }
}
