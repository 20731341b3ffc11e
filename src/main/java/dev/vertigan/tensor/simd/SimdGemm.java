package dev.vertigan.tensor.simd;

import dev.vertigan.tensor.Lanes;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.Workers;
import dev.vertigan.tensor.blas.Blas;
import dev.vertigan.tensor.blas.Transposition;

/// Matrix products: BLAS for the large ones, split between our own threads; fused loops where one side is thin, which BLAS is slow at.
///
/// How a product is cut and which way it is computed depend on its shape alone, since BLAS rounds differently for different widths: so
/// the bits do not depend on the threads.
final class SimdGemm {

    private static final int CUT_MULTIPLE = 16; // floats in a cache line
    private static final int LEAST_ROWS = 32; // narrower cuts cost BLAS more than another thread brings
    private static final int LEAST_COLUMNS = 128;
    private static final int LEAST_TRANSPOSED = 1 << 18; // elements: what lies in the second cache is packed soon enough
    private static final int LITTLE = 3; // what is transposed instead of the right side is less by that factor
    private static final int MANY = 2; // times as many terms as rows, and as columns
    private static final long SUM_GRAIN = 1 << 12; // elements worth a thread

    private final Workers workers;
    private final ThinProducts thin;
    private final Transposition transposition;
    private final Scratch transposed = new Scratch();
    private final Scratch products = new Scratch();

    SimdGemm(Workers workers) {
        this.workers = workers;
        this.thin = new ThinProducts(workers);
        this.transposition = new Transposition(workers);
    }

    void matmul(Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor out, boolean accumulate) {
        int m = Math.toIntExact(a.extent(transposeA ? 1 : 0));
        int k = Math.toIntExact(a.extent(transposeA ? 0 : 1));
        int n = Math.toIntExact(b.extent(transposeB ? 0 : 1));
        multiply(a.address(), transposeA, b.address(), transposeB, out.address(), m, n, k, accumulate);
    }

    /// `out[m, n] = op(a)[m, k] · op(b)[k, n]`, added to it if `accumulate`.
    void multiply(long a, boolean transposeA, long b, boolean transposeB, long out, int m, int n, int k, boolean accumulate) {
        if (m == 0 || n == 0) {
            return;
        }
        if (k == 0) {
            if (!accumulate) {
                Lanes.fillZero(out, (long) m * n);
            }
        } else if (Math.min(Math.min(m, n), k) <= ThinProducts.WIDEST) {
            thin.multiply(a, transposeA, b, transposeB, out, m, n, k, accumulate);
        } else if (transposeB && Blas.slowWithTransposedRight() && (long) n * k >= LEAST_TRANSPOSED && Transposition.fits(n, k)) {
            transposedRight(a, transposeA, b, out, m, n, k, accumulate);
        } else if (transposeA && !transposeB && k >= MANY * Math.max(m, n) && cuts((long) m * n * k) > 1) {
            byTerms(a, b, out, m, n, k, accumulate);
        } else {
            cut(a, transposeA, b, transposeB, transposeB ? k : n, out, m, n, k, accumulate ? 1 : 0);
        }
    }

    /// `out = aᵀ · b`, small but of many terms, as a narrow layer's weight gradient is: each thread multiplies the rows of a and b that are
    /// in its cache, and writes to none that others have.
    private void byTerms(long a, long b, long out, int m, int n, int k, boolean accumulate) {
        int parts = cuts((long) m * n * k);
        long size = (long) m * n;
        long others = products.floats((parts - 1) * size); // [parts − 1, m, n]
        workers.run(parts, part -> {
            long from = (long) k * part / parts;
            int terms = (int) ((long) k * (part + 1) / parts - from);
            boolean first = part == 0;
            Blas.sgemm(true, false, m, n, terms, a + Float.BYTES * from * m, m, b + Float.BYTES * from * n, n, first && accumulate ? 1 : 0,
                    first ? out : others + Float.BYTES * (part - 1) * size, n);
        });
        workers.split(size, SUM_GRAIN, (from, to) -> {
            for (int other = 0; other < parts - 1; other++) {
                Chunks.add(others + Float.BYTES * (other * size + from), out + Float.BYTES * from, (int) (to - from));
            }
        });
    }

    /// Of a large right side a transposed copy is multiplied, unless the product is swapped.
    private void transposedRight(long a, boolean transposeA, long b, long out, int m, int n, int k, boolean accumulate) {
        if (!accumulate && (long) m * (n + k) <= (long) n * k / LITTLE && Transposition.fits(m, k)) {
            swapped(a, transposeA, b, out, m, n, k);
            return;
        }
        int row = oddTiles(n);
        long plain = transposed.floats((long) k * row);
        transposition.transpose(b, n, k, plain, row);
        cut(a, transposeA, plain, false, row, out, m, n, k, accumulate ? 1 : 0);
    }

    /// `out = (b · op(a)ᵀ)ᵀ`: few rows of `a` and `out` are transposed sooner than all of `b`.
    private void swapped(long a, boolean transposeA, long b, long out, int m, int n, int k) {
        int row = transposeA ? m : oddTiles(m);
        long right = transposeA ? a : transposed.floats((long) k * row);
        if (!transposeA) {
            transposition.transpose(a, m, k, right, row);
        }
        long product = products.floats((long) n * m);
        cut(b, false, right, false, row, product, n, m, k, 0);
        transposition.transpose(product, n, m, out, n);
    }

    /// The least width of rows of `n` floats that keeps the lines of a column of tiles out of each other's place in the cache.
    private static int oddTiles(int n) {
        return (n + Transposition.TILE - 1) / Transposition.TILE * Transposition.TILE | Transposition.TILE;
    }

    private void cut(long a, boolean transposeA, long b, boolean transposeB, int ldb, long out, int m, int n, int k, float beta) {
        int lda = transposeA ? m : k;
        // Along the longer of m and n: each cut repeats the packing of the other operand.
        boolean byColumns = n > m;
        int extent = byColumns ? n : m;
        int width = width(extent, byColumns ? LEAST_COLUMNS : LEAST_ROWS, (long) m * n * k);
        int cuts = (extent + width - 1) / width;
        if (cuts == 1) {
            Blas.sgemm(transposeA, transposeB, m, n, k, a, lda, b, ldb, beta, out, n);
            return;
        }
        workers.run(cuts, cut -> {
            int from = cut * width;
            int part = Math.min(width, extent - from);
            if (byColumns) {
                long bPart = b + Float.BYTES * (transposeB ? (long) from * k : from);
                Blas.sgemm(transposeA, transposeB, m, part, k, a, lda, bPart, ldb, beta, out + (long) Float.BYTES * from, n);
            } else {
                long aPart = a + Float.BYTES * (transposeA ? from : (long) from * k);
                Blas.sgemm(transposeA, transposeB, part, n, k, aPart, lda, b, ldb, beta, out + (long) Float.BYTES * from * n, n);
            }
        });
    }

    /// The width of a cut.
    private static int width(int extent, int least, long multiplyAdds) {
        int cuts = Math.max(1, Math.min(cuts(multiplyAdds), extent / least));
        int width = (extent + cuts - 1) / cuts;
        return cuts == 1 ? extent : (width + CUT_MULTIPLE - 1) / CUT_MULTIPLE * CUT_MULTIPLE;
    }

    /// How many cuts are wanted. More serve more threads, but each costs a per cent or two; below some millions of multiply-adds waking a
    /// thread costs more than it brings.
    private static int cuts(long multiplyAdds) {
        return multiplyAdds < 1 << 20 ? 1 : multiplyAdds < 1 << 25 ? 2 : multiplyAdds < 1 << 29 ? 4 : 8;
    }
}
