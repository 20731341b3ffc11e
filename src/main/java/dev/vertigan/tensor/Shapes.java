package dev.vertigan.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Checks that tensors fit together before a kernel touches memory; nothing is allocated unless a check fails.
public final class Shapes {

    private Shapes() {}

    /// @throws IllegalArgumentException if the type is another
    public static void type(String name, Tensor tensor, ElementType type) {
        if (tensor.type() != type) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "%s: expected %s, found %s", name, type, tensor));
        }
    }

    public static void matrix(String name, Tensor tensor, long rows, long columns) {
        if (tensor.rank() != 2 || tensor.extent(0) != rows || tensor.extent(1) != columns) {
            throw mismatch(name, tensor, rows, columns);
        }
    }

    /// `out[m, n] = op(a)[m, k] · op(b)[k, n]`.
    public static void product(Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor out) {
        boolean matrices = a.rank() == 2 && b.rank() == 2 && out.rank() == 2;
        if (!matrices || a.extent(transposeA ? 0 : 1) != b.extent(transposeB ? 1 : 0)
                || out.extent(0) != a.extent(transposeA ? 1 : 0) || out.extent(1) != b.extent(transposeB ? 0 : 1)) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "matmul: expected out[m, n] = op(a)[m, k] · op(b)[k, n], found %s = %s%s · %s%s",
                            out, a, transposeA ? " transposed" : "", b, transposeB ? " transposed" : ""));
        }
    }

    public static void vector(String name, Tensor tensor, long size) {
        if (tensor.rank() != 1 || tensor.extent(0) != size) {
            throw mismatch(name, tensor, size);
        }
    }

    public static void same(String name, Tensor tensor, Tensor as) {
        boolean same = tensor.rank() == as.rank();
        for (int d = 0; same && d < as.rank(); d++) {
            same = tensor.extent(d) == as.extent(d);
        }
        if (!same) {
            throw mismatch(name, tensor, as.shape());
        }
    }

    public static void rank(String name, Tensor tensor, int least) {
        if (tensor.rank() < least) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "%s: expected at least %d dimensions, found %s", name, least, tensor));
        }
    }

    /// Some of the channels of a whole `[n.., c]`, from one on.
    public static void slice(Tensor whole, Tensor part, int from) {
        int c = channels("whole", whole);
        int k = channels("part", part);
        if (from < 0 || from + k > c || part.size() / k != whole.size() / c) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "channels: expected some of those of %s from %d on, found %s", whole, from, part));
        }
    }

    public static void changes(Tensor x, List<ImageChange> changes, Tensor out) {
        same("out", out, x);
        if (x.rank() != 4 || changes.size() != x.extent(0)) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "images: expected [%d, h, w, c], one for each change, found %s", changes.size(), x));
        }
    }

    /// Channels of `[n.., c]`.
    public static int channels(String name, Tensor tensor) {
        rank(name, tensor, 2);
        return Math.toIntExact(tensor.extent(tensor.rank() - 1));
    }

    /// Rows of `[n.., c]`: the product of all extents but the last.
    public static long rows(Tensor tensor) {
        long rows = 1;
        for (int d = 0; d < tensor.rank() - 1; d++) {
            rows *= tensor.extent(d);
        }
        return rows;
    }

    /// `large[n, h, w, c]` and `small[n, h', w', o]` on the two sides of a convolution with `weight[kh, kw, c, o]`.
    public static void convolution(Tensor large, Tensor weight, Window window, Tensor small) {
        boolean fits = large.rank() == 4 && weight.rank() == 4 && small.rank() == 4 && large.extent(0) == small.extent(0)
                && weight.extent(0) == window.height() && weight.extent(1) == window.width()
                && large.extent(3) == weight.extent(2) && small.extent(3) == weight.extent(3)
                && small.extent(1) > 0 && window.over(large.extent(1), window.height()) == small.extent(1)
                && small.extent(2) > 0 && window.over(large.extent(2), window.width()) == small.extent(2);
        if (!fits) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "convolution: expected [n, h, w, c], [kh, kw, c, o] and [n, h', w', o] with h' and w' places of %s, ",
                            window) + String.format(Locale.ROOT, "found %s, %s and %s", large, weight, small));
        }
    }

    /// `small[n, h, w, c]` and `large[n, 2h, 2w, c]`.
    public static void doubled(Tensor small, Tensor large) {
        boolean fits = small.rank() == 4 && large.rank() == 4 && small.extent(0) == large.extent(0) && 2 * small.extent(1) == large.extent(1)
                && 2 * small.extent(2) == large.extent(2) && small.extent(3) == large.extent(3);
        if (!fits) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "resampling: expected [n, h, w, c] and [n, 2h, 2w, c], found %s and %s", small, large));
        }
    }

    /// Maxout's pieces, of `[n, units · pieces]` and `[n, units]`.
    public static int pieces(Tensor wide, Tensor narrow) {
        boolean matrices = wide.rank() == 2 && narrow.rank() == 2 && wide.extent(0) == narrow.extent(0);
        if (!matrices || narrow.extent(1) == 0 || wide.extent(1) == 0 || wide.extent(1) % narrow.extent(1) != 0) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "maxout: expected [n, units · pieces] and [n, units], found %s and %s", wide, narrow));
        }
        return Math.toIntExact(wide.extent(1) / narrow.extent(1));
    }

    /// What batch norm works on, `x[n.., c]` and `y` alike, the rest `[c]`.
    ///
    /// @return channels
    public static int batchNorm(Tensor x, Tensor y, Tensor gamma, Tensor mean, Tensor variance, float epsilon) {
        int channels = channels("x", x);
        vector("gamma", gamma, channels);
        vector("mean", mean, channels);
        vector("variance", variance, channels);
        same("y", y, x);
        positive("epsilon", epsilon);
        return channels;
    }

    /// What the backward pass of batch norm writes, `dx[n.., c]`, the rest `[c]`.
    public static void batchNormGradients(Tensor x, Tensor dx, Tensor dgamma, Tensor dbeta) {
        same("dx", dx, x);
        vector("dgamma", dgamma, channels("x", x));
        vector("dbeta", dbeta, channels("x", x));
    }

    /// What a loss works on.
    public static void loss(Tensor a, Tensor slopes, Tensor sums, int at) {
        if (slopes.size() > 0) {
            same("slopes", slopes, a);
        }
        type("sums", sums, ElementType.FLOAT64);
        if (at < 0 || at >= sums.size()) {
            throw new IndexOutOfBoundsException(String.format(Locale.ROOT, "sums: expected a place in [0, %d), found %d", sums.size(), at));
        }
    }

    /// Where an update leaves its sums of squares.
    public static void squares(Tensor squares) {
        type("squares", squares, ElementType.FLOAT64);
        vector("squares", squares, 3);
    }

    public static void keep(float keep) {
        if (!(keep > 0 && keep <= 1)) {
            throw new IllegalArgumentException("keep: expected a probability in (0, 1], found " + keep);
        }
    }

    public static void update(long t) {
        if (t < 1) {
            throw new IllegalArgumentException("t: expected an update number ≥ 1, found " + t);
        }
    }

    public static void positive(String name, double value) {
        if (!(value > 0)) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "%s: expected a number > 0, found %s", name, value));
        }
    }

    private static IllegalArgumentException mismatch(String name, Tensor found, long... expected) {
        return new IllegalArgumentException(String.format(Locale.ROOT, "%s: expected %s, found %s", name, Arrays.toString(expected), found));
    }
}
