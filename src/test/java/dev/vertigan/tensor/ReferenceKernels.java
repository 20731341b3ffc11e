package dev.vertigan.tensor;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/// The kernels as plain loops in double precision, each a transcription of its formula: what the others are compared with.
public final class ReferenceKernels implements Kernels {

    @Override
    public String describe() {
        return "reference";
    }

    @Override
    public ElementType type() {
        return ElementType.FLOAT64;
    }

    @Override
    public Tensor allocate(long... shape) {
        return Tensor.allocate(ElementType.FLOAT64, shape);
    }

    @Override
    public void matmul(Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor out, boolean accumulate) {
        int m = (int) out.extent(0);
        int n = (int) out.extent(1);
        int k = (int) a.extent(transposeA ? 0 : 1);
        double[] left = values(a);
        double[] right = values(b);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int p = 0; p < k; p++) {
                    sum += left[transposeA ? p * m + i : i * k + p] * right[transposeB ? j * k + p : p * n + j];
                }
                put(out, (long) i * n + j, sum, accumulate);
            }
        }
    }

    private static double[] values(Tensor tensor) {
        double[] values = new double[(int) tensor.size()];
        Arrays.setAll(values, tensor::get);
        return values;
    }

    /// One of a convolution's products: of `large[i]`, `weight[j]` and `small[k]` (their places in memory).
    private interface Product {
        void at(long i, long j, long k);
    }

    private static void eachProduct(Tensor large, Tensor small, Window window, Product product) {
        long channels = large.extent(3);
        long out = small.extent(3);
        for (long n = 0; n < small.extent(0); n++) {
            for (long y = 0; y < small.extent(1); y++) {
                for (long x = 0; x < small.extent(2); x++) {
                    for (long u = 0; u < window.height(); u++) {
                        for (long v = 0; v < window.width(); v++) {
                            long row = y * window.stride() + u - window.padding();
                            long column = x * window.stride() + v - window.padding();
                            if (row < 0 || row >= large.extent(1) || column < 0 || column >= large.extent(2)) {
                                continue;
                            }
                            for (long p = 0; p < channels; p++) {
                                for (long q = 0; q < out; q++) {
                                    product.at(((n * large.extent(1) + row) * large.extent(2) + column) * channels + p,
                                            ((u * window.width() + v) * channels + p) * out + q,
                                            ((n * small.extent(1) + y) * small.extent(2) + x) * out + q);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    @Override
    public void convolve(Tensor in, Tensor weight, Window window, Tensor out) {
        clear(out);
        eachProduct(in, out, window, (i, j, k) -> out.set(k, out.get(k) + in.get(i) * weight.get(j)));
    }

    @Override
    public void convolveTransposed(Tensor in, Tensor weight, Window window, Tensor out) {
        clear(out);
        eachProduct(out, in, window, (i, j, k) -> out.set(i, out.get(i) + in.get(k) * weight.get(j)));
    }

    @Override
    public void convolveWeightGradient(Tensor in, Tensor dout, Window window, Tensor dweight, boolean accumulate) {
        if (!accumulate) {
            clear(dweight);
        }
        eachProduct(in, dout, window, (i, j, k) -> dweight.set(j, dweight.get(j) + in.get(i) * dout.get(k)));
    }

    private static void clear(Tensor tensor) {
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, 0);
        }
    }

    /// A pixel of `small` that a pixel of `large` is made of, and how much of it.
    private interface Blend {
        void of(long i, long j, double share);
    }

    private static void eachBlend(Tensor small, Tensor large, Resampling resampling, Blend blend) {
        long height = small.extent(1);
        long width = small.extent(2);
        long channels = small.extent(3);
        for (long j = 0; j < large.size(); j++) {
            long p = j % channels;
            long x = j / channels % (2 * width);
            long y = j / channels / (2 * width) % (2 * height);
            long n = j / channels / (2 * width) / (2 * height);
            long nextY = Math.clamp(y % 2 == 0 ? y / 2 - 1 : y / 2 + 1, 0, height - 1);
            long nextX = Math.clamp(x % 2 == 0 ? x / 2 - 1 : x / 2 + 1, 0, width - 1);
            double near = resampling == Resampling.NEAREST ? 1 : 0.75;
            long[] rows = {y / 2, nextY};
            long[] columns = {x / 2, nextX};
            for (int a = 0; a < 2; a++) {
                for (int b = 0; b < 2; b++) {
                    double share = (a == 0 ? near : 1 - near) * (b == 0 ? near : 1 - near);
                    blend.of(((n * height + rows[a]) * width + columns[b]) * channels + p, j, share);
                }
            }
        }
    }

    @Override
    public void upsample(Tensor in, Resampling resampling, float factor, Tensor out) {
        clear(out);
        eachBlend(in, out, resampling, (i, j, share) -> out.set(j, out.get(j) + factor * share * in.get(i)));
    }

    @Override
    public void downsample(Tensor in, Resampling resampling, float factor, Tensor out) {
        clear(out);
        eachBlend(out, in, resampling, (i, j, share) -> out.set(i, out.get(i) + factor * share * in.get(j)));
    }

    @Override
    public void biasActivate(Tensor x, Tensor bias, Activation activation) {
        for (long i = 0; i < x.size(); i++) {
            x.set(i, activate(x.get(i) + bias.get(channel(x, i)), activation));
        }
    }

    @Override
    public void activateBackward(Tensor y, Tensor dy, Activation activation) {
        for (long i = 0; i < y.size(); i++) {
            dy.set(i, dy.get(i) * derivative(y.get(i), activation));
        }
    }

    @Override
    public void activateBackwardBias(Tensor y, Tensor dy, Activation activation, Tensor dbias, boolean accumulate) {
        activateBackward(y, dy, activation);
        double[] sums = new double[(int) dbias.size()];
        for (long i = 0; i < y.size(); i++) {
            sums[channel(y, i)] += dy.get(i);
        }
        put(dbias, sums, accumulate);
    }

    @Override
    public void maxout(Tensor z, Tensor bias, Tensor y, Tensor winner) {
        long pieces = z.extent(1) / y.extent(1);
        for (long i = 0; i < y.size(); i++) {
            double best = 0;
            int won = -1;
            for (int p = 0; p < pieces; p++) {
                double value = z.get(i * pieces + p) + bias.get((i * pieces + p) % z.extent(1));
                if (p == 0 || value > best || Double.isNaN(value) && !Double.isNaN(best)) {
                    best = value;
                    won = p;
                }
            }
            y.set(i, best);
            winner.set(i, won);
        }
    }

    @Override
    public void maxoutBackward(Tensor dy, Tensor winner, Tensor dz, Tensor dbias, boolean accumulate) {
        long pieces = dz.extent(1) / dy.extent(1);
        double[] sums = new double[(int) dbias.size()];
        for (long i = 0; i < dz.size(); i++) {
            double value = winner.get(i / pieces) == i % pieces ? dy.get(i / pieces) : 0;
            dz.set(i, value);
            sums[(int) (i % dz.extent(1))] += value;
        }
        put(dbias, sums, accumulate);
    }

    @Override
    public void batchNorm(Tensor x, Tensor gamma, Tensor beta, float epsilon, Activation activation, Tensor mean, Tensor variance, Tensor y) {
        int channels = (int) x.extent(x.rank() - 1);
        double each = (double) x.size() / channels;
        double[] means = new double[channels];
        double[] variances = new double[channels];
        for (long i = 0; i < x.size(); i++) {
            means[channel(x, i)] += x.get(i) / each;
        }
        for (long i = 0; i < x.size(); i++) {
            variances[channel(x, i)] += Math.pow(x.get(i) - means[channel(x, i)], 2) / each;
        }
        put(mean, means, false);
        put(variance, variances, false);
        batchNormInference(x, gamma, beta, epsilon, activation, mean, variance, y);
    }

    @Override
    public void batchNormInference(Tensor x, Tensor gamma, Tensor beta, float epsilon, Activation activation, Tensor mean, Tensor variance,
            Tensor y) {
        for (long i = 0; i < x.size(); i++) {
            int c = channel(x, i);
            double normal = (x.get(i) - mean.get(c)) / Math.sqrt(variance.get(c) + epsilon);
            y.set(i, activate(gamma.get(c) * normal + beta.get(c), activation));
        }
    }

    @Override
    public void batchNormBackward(Tensor x, Tensor y, Tensor dy, Tensor gamma, float epsilon, Activation activation, Tensor mean, Tensor variance,
            Tensor dx, Tensor dgamma, Tensor dbeta, boolean accumulate) {
        activateBackward(y, dy, activation);
        int channels = (int) x.extent(x.rank() - 1);
        double each = (double) x.size() / channels;
        double[] sums = new double[channels];
        double[] products = new double[channels];
        for (long i = 0; i < x.size(); i++) {
            int c = channel(x, i);
            sums[c] += dy.get(i);
            products[c] += dy.get(i) * (x.get(i) - mean.get(c)) / Math.sqrt(variance.get(c) + epsilon);
        }
        for (long i = 0; i < x.size(); i++) {
            int c = channel(x, i);
            double deviation = Math.sqrt(variance.get(c) + epsilon);
            double normal = (x.get(i) - mean.get(c)) / deviation;
            dx.set(i, gamma.get(c) / deviation * (dy.get(i) - sums[c] / each - normal * products[c] / each));
        }
        put(dbeta, sums, accumulate);
        put(dgamma, products, accumulate);
    }

    @Override
    public void dropoutMask(Tensor mask, float keep, Draw draw) {
        for (long i = 0; i < mask.size(); i++) {
            mask.set(i, Philox.unit(draw, draw.first(mask) + i) < keep ? 1 / keep : 0);
        }
    }

    @Override
    public void multiply(Tensor a, Tensor b, Tensor out) {
        for (long i = 0; i < a.size(); i++) {
            out.set(i, a.get(i) * b.get(i));
        }
    }

    @Override
    public void addNormal(Tensor a, float scale, Draw draw, Tensor out) {
        for (long i = 0; i < a.size(); i++) {
            out.set(i, a.get(i) + scale * Philox.normal(draw, draw.first(out) + i));
        }
    }

    @Override
    public void normal(Tensor out, Draw draw) {
        for (long i = 0; i < out.size(); i++) {
            out.set(i, Philox.normal(draw, draw.first(out) + i));
        }
    }

    @Override
    public void uniform(Tensor out, float low, float high, Draw draw) {
        for (long i = 0; i < out.size(); i++) {
            out.set(i, Math.fma(Philox.unit(draw, draw.first(out) + i), high - low, low));
        }
    }

    @Override
    public void scaleRows(Tensor x, Tensor factors) {
        for (long i = 0; i < x.size(); i++) {
            x.set(i, x.get(i) * factors.get(i / (x.size() / x.extent(0))));
        }
    }

    @Override
    public void copy(Tensor x, Tensor y) {
        for (long i = 0; i < x.size(); i++) {
            y.set(i, x.get(i));
        }
    }

    @Override
    public void add(Tensor x, Tensor y) {
        for (long i = 0; i < x.size(); i++) {
            y.set(i, y.get(i) + x.get(i));
        }
    }

    @Override
    public void movingAverage(Tensor average, Tensor x, float decay) {
        for (long i = 0; i < x.size(); i++) {
            average.set(i, decay * average.get(i) + (1 - decay) * x.get(i));
        }
    }

    @Override
    public void addScaled(Tensor x, float scale, Tensor y) {
        for (long i = 0; i < x.size(); i++) {
            y.set(i, y.get(i) + scale * x.get(i));
        }
    }

    @Override
    public void takeChannels(Tensor x, int from, Tensor out) {
        int k = (int) out.extent(out.rank() - 1);
        for (long i = 0; i < out.size(); i++) {
            out.set(i, x.get(i / k * x.extent(x.rank() - 1) + from + i % k));
        }
    }

    @Override
    public void putChannels(Tensor x, int from, Tensor out) {
        int k = (int) x.extent(x.rank() - 1);
        for (long i = 0; i < x.size(); i++) {
            out.set(i / k * out.extent(out.rank() - 1) + from + i % k, x.get(i));
        }
    }

    @Override
    public void squaresOfRows(Tensor x, Tensor out) {
        for (long row = 0; row < out.size(); row++) {
            out.set(row, sumOfSquares(x.rows(row, 1)));
        }
    }

    @Override
    public void maxoutTangent(Tensor z, Tensor winner, Tensor y) {
        long pieces = z.size() / y.size();
        for (long i = 0; i < y.size(); i++) {
            y.set(i, z.get(i * pieces + (long) winner.get(i)));
        }
    }

    /// Written from the definitions, as numbers here are small.
    @Override
    public void loss(Tensor a, Loss loss, long of, Tensor slopes, Tensor sums, int at) {
        DoubleUnaryOperator curve = switch (loss.curve()) {
            case LINEAR -> t -> t;
            case SOFTPLUS -> t -> Math.log(1 + Math.exp(t));
            case RELU -> t -> Math.max(t, 0);
            case SQUARE -> t -> t * t;
            case EXP -> Math::exp;
            case SIGMOID -> t -> 1 / (1 + Math.exp(-t));
            case FROM_UNIT_LENGTH -> t -> (Math.sqrt(t) - 1) * (Math.sqrt(t) - 1);
        };
        DoubleUnaryOperator value = x -> {
            double t = loss.scale() * x + loss.shift();
            return loss.weight() * (curve.applyAsDouble(t) + loss.tilt() * t) / of;
        };
        double h = 1e-5;
        for (long i = 0; i < a.size(); i++) {
            double x = a.get(i);
            sums.set(at, sums.get(at) + value.applyAsDouble(x));
            slopes.set(i, (value.applyAsDouble(x + h) - value.applyAsDouble(x - h)) / (2 * h));
        }
    }

    @Override
    public void momentumStep(Tensor weight, Tensor gradient, Tensor velocity, float rate, float momentum, Tensor squares) {
        for (long i = 0; i < weight.size(); i++) {
            velocity.set(i, momentum * velocity.get(i) - rate * gradient.get(i));
            weight.set(i, weight.get(i) + velocity.get(i));
        }
        squares.set(0, sumOfSquares(gradient));
        squares.set(1, sumOfSquares(velocity));
        squares.set(2, sumOfSquares(weight));
    }

    @Override
    public void adamStep(Tensor weight, Tensor gradient, Tensor m, Tensor v, float rate, float beta1, float beta2, float epsilon, long t,
            Tensor squares) {
        double updates = 0;
        for (long i = 0; i < weight.size(); i++) {
            double g = gradient.get(i);
            m.set(i, beta1 * m.get(i) + (1 - beta1) * g);
            v.set(i, beta2 * v.get(i) + (1 - beta2) * g * g);
            double unbiased1 = m.get(i) / (1 - Math.pow(beta1, t));
            double unbiased2 = v.get(i) / (1 - Math.pow(beta2, t));
            double update = rate * unbiased1 / (Math.sqrt(unbiased2) + epsilon);
            weight.set(i, weight.get(i) - update);
            updates += update * update;
        }
        squares.set(0, sumOfSquares(gradient));
        squares.set(1, updates);
        squares.set(2, sumOfSquares(weight));
    }

    @Override
    public double sumOfSquares(Tensor x) {
        double sum = 0;
        for (long i = 0; i < x.size(); i++) {
            sum += x.get(i) * x.get(i);
        }
        return sum;
    }

    @Override
    public void close() {}

    private static double activate(double x, Activation activation) {
        DoubleUnaryOperator function = switch (activation.kind()) {
            case LINEAR -> v -> v;
            case RELU -> v -> v <= 0 ? 0 : v;
            case LEAKY_RELU -> v -> v <= 0 ? activation.slope() * v : v;
            case TANH -> Math::tanh;
            case SIGMOID -> v -> v < 0 ? Math.exp(v) / (1 + Math.exp(v)) : 1 / (1 + Math.exp(-v));
        };
        return function.applyAsDouble(x);
    }

    private static double derivative(double y, Activation activation) {
        return switch (activation.kind()) {
            case LINEAR -> 1;
            case RELU -> y <= 0 ? 0 : 1;
            case LEAKY_RELU -> y <= 0 ? activation.slope() : 1;
            case TANH -> 1 - y * y;
            case SIGMOID -> y * (1 - y);
        };
    }

    private static int channel(Tensor x, long i) {
        return (int) (i % x.extent(x.rank() - 1));
    }

    private static void put(Tensor out, long i, double value, boolean accumulate) {
        out.set(i, accumulate ? out.get(i) + value : value);
    }

    private static void put(Tensor out, double[] values, boolean accumulate) {
        for (int i = 0; i < values.length; i++) {
            put(out, i, values[i], accumulate);
        }
    }
}
