package dev.vertigan.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/// The arithmetic of the game. Shapes: `[n, f]` is a minibatch of n rows, `[n, h, w, c]` one of images, row-major with the channels
/// last, so that to everything but convolutions and resampling it is `[n·h·w, c]`: written `[n.., c]`. Outputs are caller-allocated and
/// overwritten unless `accumulate` is true, which adds to them. Inputs and outputs are distinct tensors unless a method says "in place".
///
/// Three implementations: `simd` (float32 on the CPU), `cuda` (float32 on a card of NVIDIA's) and `nd4j` (ND4J's operations only: any
/// backend, and float64 as the oracle of gradient checks), each in a room of its own. Results are bit-exact for a given implementation and
/// machine, whatever the number of threads. Every method throws [IllegalArgumentException] naming expected and found shapes.
/// Not thread-safe: one caller at a time.
public interface Kernels extends AutoCloseable {

    /// What computes, for people: implementation, vector width, BLAS, threads.
    String describe();

    /// The element type of every tensor handed to these kernels.
    ElementType type();

    /// A zero-filled tensor these kernels can work on.
    Tensor allocate(long... shape);

    /// `out[m, n] = op(a) · op(b)`, added to `out` if `accumulate`; op transposes where its flag is set.
    void matmul(Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor out, boolean accumulate);

    /// The convolution (in machine learning's sense: a cross-correlation) `out[i, y, x, q] = Σ in[i, y·stride + u − padding, x·stride + v −
    /// padding, p] · weight[u, v, p, q]` over u, v, p, with zeros around the input: `in[n, h, w, c]`, `weight[kh, kw, c, o]`,
    /// `out[n, h', w', o]` of [Window#over].
    void convolve(Tensor in, Tensor weight, Window window, Tensor out);

    /// As [#convolve], then [#biasActivate] of what came out.
    default void convolveActivate(Tensor in, Tensor weight, Window window, Tensor bias, Activation activation, Tensor out) {
        convolve(in, weight, window, out);
        biasActivate(out, bias, activation);
    }

    /// The adjoint of [#convolve] for the same weight and window, from `[n, h', w', o]` to `[n, h, w, c]`: what a convolution's backward pass
    /// does to gradients, and a transposed convolution's forward pass to values.
    void convolveTransposed(Tensor in, Tensor weight, Window window, Tensor out);

    /// `dweight[kh, kw, c, o]`, the gradient of [#convolve]'s weight, from what went in `[n, h, w, c]` and the gradient at what came out
    /// `[n, h', w', o]`. For [#convolveTransposed] the two change places.
    void convolveWeightGradient(Tensor in, Tensor dout, Window window, Tensor dweight, boolean accumulate);

    /// `out[n, 2h, 2w, c]` = `factor` · `in[n, h, w, c]` resampled to twice the extents.
    void upsample(Tensor in, Resampling resampling, float factor, Tensor out);

    /// The adjoint of [#upsample], from `[n, 2h, 2w, c]` to `[n, h, w, c]`; with factor ¼ it keeps the mean, with 1 it is the backward pass.
    void downsample(Tensor in, Resampling resampling, float factor, Tensor out);

    /// In place: `x[n.., c] = activation(x + bias[c])`.
    void biasActivate(Tensor x, Tensor bias, Activation activation);

    /// In place: `dy = dy ⊙ activation'(y)`, given the outputs y; both `[n.., c]`.
    void activateBackward(Tensor y, Tensor dy, Activation activation);

    /// As [#activateBackward] and, in the same pass, `dbias[c]` = the sum of the new dy over n...
    void activateBackwardBias(Tensor y, Tensor dy, Activation activation, Tensor dbias, boolean accumulate);

    /// `out[c]` = the sum of `x[n.., c]` over n...
    default void channelSums(Tensor x, Tensor out, boolean accumulate) {
        activateBackwardBias(x, x, Activation.LINEAR, out, accumulate);
    }

    /// `y[n, u] = max over p of z[n, u·pieces + p] + bias[u·pieces + p]` (Goodfellow et al. 2013, maxout), and
    /// `winner[n, u]` = the winning p (the first of equals), kept for the backward pass.
    void maxout(Tensor z, Tensor bias, Tensor y, Tensor winner);

    /// `dz[n, u·pieces + p] = dy[n, u]` where p won, else 0; `dbias[u·pieces]` = the sum of dz over n.
    void maxoutBackward(Tensor dy, Tensor winner, Tensor dz, Tensor dbias, boolean accumulate);

    /// Training batch norm: `y = activation(gamma · (x − mean) / √(variance + epsilon) + beta)` with the minibatch's own
    /// mean and (biased) variance per channel over n.., both returned in `mean[c]`, `variance[c]` (Ioffe & Szegedy 2015).
    void batchNorm(Tensor x, Tensor gamma, Tensor beta, float epsilon, Activation activation, Tensor mean, Tensor variance, Tensor y);

    /// Inference batch norm, with given statistics.
    void batchNormInference(Tensor x, Tensor gamma, Tensor beta, float epsilon, Activation activation, Tensor mean, Tensor variance, Tensor y);

    /// Backward of [#batchNorm], through the statistics. dy is overwritten with the gradient at the normalised, pre-activation value.
    void batchNormBackward(Tensor x, Tensor y, Tensor dy, Tensor gamma, float epsilon, Activation activation, Tensor mean, Tensor variance,
            Tensor dx, Tensor dgamma, Tensor dbeta, boolean accumulate);

    /// `mask = 1/keep` with probability keep, else 0.
    void dropoutMask(Tensor mask, float keep, Draw draw);

    /// `out = a ⊙ b`; out may be a or b.
    void multiply(Tensor a, Tensor b, Tensor out);

    /// `out = a + scale · N(0, 1)`; out may be a.
    void addNormal(Tensor a, float scale, Draw draw, Tensor out);

    /// `out = N(0, 1)`.
    void normal(Tensor out, Draw draw);

    /// `out = U(low, high)`.
    void uniform(Tensor out, float low, float high, Draw draw);

    /// In place: row i of `x[n, f]` is multiplied by `factors[n]`.
    void scaleRows(Tensor x, Tensor factors);

    /// `y = x`.
    void copy(Tensor x, Tensor y);

    /// `y += x`.
    void add(Tensor x, Tensor y);

    /// `out = a + b`.
    default void sum(Tensor a, Tensor b, Tensor out) {
        copy(a, out);
        add(b, out);
    }

    /// In place: `average = decay · average + (1 − decay) · x`.
    void movingAverage(Tensor average, Tensor x, float decay);

    /// `x = value`.
    default void fill(Tensor x, double value) {
        for (long i = 0; i < x.size(); i++) {
            x.set(i, value);
        }
    }

    /// `out[n, k]`: row i is 1 at `labels[i]`, else 0.
    ///
    /// @param labels `[n]`, written by the host: whole numbers in [0, k)
    default void oneHot(Tensor labels, Tensor out) {
        Shapes.matrix("one-hot", out, labels.size(), out.extent(1));
        long classes = out.extent(1);
        out.segment().fill((byte) 0);
        for (long i = 0; i < labels.size(); i++) {
            out.set(i * classes + (long) labels.get(i), 1);
        }
    }

    /// `y += scale · x`.
    void addScaled(Tensor x, float scale, Tensor y);

    /// `out[n, f]`: row i is `s[i] · x[i] + w[i] · t[i]`; t is overwritten.
    default void combineRows(Tensor x, Tensor s, Tensor t, Tensor w, Tensor out) {
        copy(x, out);
        scaleRows(out, s);
        scaleRows(t, w);
        add(t, out);
    }

    /// `out[n.., k] = x[n.., from … from + k]`: k of the channels.
    default void takeChannels(Tensor x, int from, Tensor out) {
        Shapes.slice(x, out, from);
        slices(out, x, from, (whole, part, bytes) -> MemorySegment.copy(x.segment(), whole, out.segment(), part, bytes));
    }

    /// `out[n.., from … from + k] = x[n.., k]`; the other channels stay.
    default void putChannels(Tensor x, int from, Tensor out) {
        Shapes.slice(out, x, from);
        slices(x, out, from, (whole, part, bytes) -> MemorySegment.copy(x.segment(), part, out.segment(), whole, bytes));
    }

    /// Copies between a place of all channels and one of some.
    interface Slice {

        /// @param whole, part offsets in bytes
        void copy(long whole, long part, long bytes);
    }

    private static void slices(Tensor part, Tensor whole, int from, Slice slice) {
        long element = part.type().width();
        long k = part.extent(part.rank() - 1);
        long c = whole.extent(whole.rank() - 1);
        for (long place = 0; place < part.size() / k; place++) {
            slice.copy((place * c + from) * element, place * k * element, k * element);
        }
    }

    /// Each image of `x[n, h, w, c]`, changed, to `out[n, h, w, c]`.
    ///
    /// @param changes of the images, `[n]`
    /// @param black what there is where nothing was moved to, and in what is cut out
    default void changeImages(Tensor x, List<ImageChange> changes, double black, Tensor out) {
        Shapes.changes(x, changes, out);
        int height = Math.toIntExact(x.extent(1));
        int width = Math.toIntExact(x.extent(2));
        HostImages.each(x, (image, i) -> changes.get(i).apply(image, height, width, black), out);
    }

    /// The adjoint of [#changeImages], for gradients: from those at what came out to those at what went in.
    default void changeImagesBack(Tensor dy, List<ImageChange> changes, Tensor dx) {
        Shapes.changes(dy, changes, dx);
        int height = Math.toIntExact(dy.extent(1));
        int width = Math.toIntExact(dy.extent(2));
        HostImages.each(dy, (image, i) -> changes.get(i).applyAdjoint(image, height, width), dx);
    }

    /// `out[n] = Σ x[i]²` over each row of `x[n, ...]`.
    void squaresOfRows(Tensor x, Tensor out);

    /// `y[n, u] = z[n, u·pieces + winner[n, u]]`: what [#maxout] does to tangents, given the winners it left.
    void maxoutTangent(Tensor z, Tensor winner, Tensor y);

    /// A loss at all `[n, 1]` of `a`: adds its sum divided by `of` to `sums[at]` and writes its slopes divided by `of`. Sums and slopes are
    /// computed in double precision.
    ///
    /// @param of the samples in the whole minibatch, of which this may be a part
    /// @param slopes `[n, 1]`, or empty if they are not wanted
    /// @param sums float64 `[..]`
    default void loss(Tensor a, Loss loss, long of, Tensor slopes, Tensor sums, int at) {
        Shapes.loss(a, slopes, sums, at);
        loss.onHost(a, of, slopes, sums, at);
    }

    /// Zero-filled float64 `[count]`, where kernels leave sums for [#read].
    default Tensor sums(int count) {
        return Tensor.allocate(ElementType.FLOAT64, count);
    }

    /// Copies a tensor to the host: the only way back from a device, which need not wait for it.
    default Pending<double[]> read(Tensor from) {
        double[] values = new double[Math.toIntExact(from.size())];
        Arrays.setAll(values, from::get);
        return Pending.of(values);
    }

    /// Whether the host computes, so that [#read] costs nothing.
    default boolean onHost() {
        return true;
    }

    /// SGD with classical momentum, in place: `velocity = momentum · velocity − rate · gradient; weight += velocity`.
    ///
    /// @param squares float64 `[3]`, overwritten with the sums of squares of the gradient (non-finite if any gradient is), of what was added
    ///         to the weights, and of the weights after that: the pass has them at hand anyway
    void momentumStep(Tensor weight, Tensor gradient, Tensor velocity, float rate, float momentum, Tensor squares);

    /// Adam (Kingma & Ba 2015, algorithm 1) in place, with bias correction for update number `t` ≥ 1. The rate is folded:
    /// `m = beta1·m + (1−beta1)·g; v = beta2·v + (1−beta2)·g²; weight −= rate · m̂ / (√v̂ + epsilon)`.
    ///
    /// @param squares as for [#momentumStep]
    void adamStep(Tensor weight, Tensor gradient, Tensor m, Tensor v, float rate, float beta1, float beta2, float epsilon, long t, Tensor squares);

    /// The sum of squares; non-finite if any element is.
    double sumOfSquares(Tensor x);

    /// Waits until all that was asked for is done. Only who measures time needs it: whoever reads a tensor waits by itself.
    default void finish() {}

    @Override
    void close();
}
