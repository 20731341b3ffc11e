package dev.vertigan.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/// Matrix products: BLAS for the large ones, split between our own threads; fused loops where one side is thin, which BLAS is slow at.
///
/// The cuts depend on the shape alone, since BLAS rounds differently for different widths: so the bits do not depend on the threads.
final class SimdGemm {

    private static final long MULTIPLY_ADDS_PER_CUT = 1 << 20; // less is not worth waking a thread
    private static final int MOST_CUTS = 4;
    private static final int CUT_MULTIPLE = 16; // floats in a cache line

    private final Workers workers;
    private final ThinProducts thin;

    SimdGemm(Workers workers) {
        this.workers = workers;
        this.thin = new ThinProducts(workers);
    }

    void matmul(Tensor a, boolean transposeA, Tensor b, boolean transposeB, Tensor out, boolean accumulate) {
        int m = Math.toIntExact(a.extent(transposeA ? 1 : 0));
        int k = Math.toIntExact(a.extent(transposeA ? 0 : 1));
        int n = Math.toIntExact(b.extent(transposeB ? 0 : 1));
        if (m == 0 || n == 0) {
            return;
        }
        if (k == 0) {
            if (!accumulate) {
                out.segment().fill((byte) 0);
            }
        } else if (Math.min(Math.min(m, n), k) <= ThinProducts.WIDEST) {
            thin.multiply(a.segment(), transposeA, b.segment(), transposeB, out.segment(), m, n, k, accumulate);
        } else {
            blas(a.segment(), transposeA, b.segment(), transposeB, out.segment(), m, n, k, accumulate ? 1 : 0);
            Reference.reachabilityFence(a);
            Reference.reachabilityFence(b);
            Reference.reachabilityFence(out);
        }
    }

    private void blas(MemorySegment aMemory, boolean transposeA, MemorySegment bMemory, boolean transposeB, MemorySegment outMemory,
            int m, int n, int k, float beta) {
        long a = aMemory.address();
        long b = bMemory.address();
        long out = outMemory.address();
        int lda = transposeA ? m : k;
        int ldb = transposeB ? k : n;
        // Along the longer of m and n: each cut repeats the packing of the other operand.
        boolean byColumns = n >= m;
        int extent = byColumns ? n : m;
        int width = cutWidth(extent, (long) m * n * k);
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

    private static int cutWidth(int extent, long multiplyAdds) {
        int cuts = (int) Math.min(MOST_CUTS, multiplyAdds / MULTIPLY_ADDS_PER_CUT);
        if (cuts <= 1) {
            return extent;
        }
        int width = (extent + cuts - 1) / cuts;
        return (width + CUT_MULTIPLE - 1) / CUT_MULTIPLE * CUT_MULTIPLE;
    }
}
