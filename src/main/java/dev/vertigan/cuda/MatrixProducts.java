package dev.vertigan.cuda;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/// cuBLAS's matrix products of float32 on one stream. Not thread-safe.
final class MatrixProducts implements AutoCloseable {

    /// Bytes of working memory for one product: what cuBLAS asks for on Hopper.
    static final long WORKSPACE = 1L << 25;

    private final String name;
    private static final int FLOAT32 = 0; // CUDA_R_32F
    private static final int IN_FLOAT32 = 68; // CUBLAS_COMPUTE_32F
    private static final int IN_TF32 = 77; // CUBLAS_COMPUTE_32F_FAST_TF32
    private static final int ANY_ALGORITHM = -1; // CUBLAS_GEMM_DEFAULT: chosen by shape, the same each time

    private final MethodHandle gemm;
    private final MethodHandle setWorkspace;
    private final MethodHandle destroy;
    private final long handle;
    private final MemorySegment one = Arena.ofAuto().allocateFrom(JAVA_FLOAT, 1);
    private final MemorySegment zero = Arena.ofAuto().allocateFrom(JAVA_FLOAT, 0);
    private final int compute;
    private long workspace;

    MatrixProducts(Library library, long stream, boolean tf32) {
        name = library.name();
        compute = tf32 ? IN_TF32 : IN_FLOAT32;
        gemm = library.function("cublasGemmEx", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT,
                JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT);
        setWorkspace = library.function("cublasSetWorkspace_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG);
        destroy = library.function("cublasDestroy_v2", JAVA_LONG);
        handle = Library.answer(out -> check(Library.call(library.function("cublasCreate_v2", JAVA_LONG), out)));
        check(Library.call(library.function("cublasSetStream_v2", JAVA_LONG, JAVA_LONG), handle, stream));
    }

    String name() {
        return name;
    }

    /// See [CommandQueue#multiply].
    ///
    /// @param room working memory of [#WORKSPACE] bytes, of which no other product makes use meanwhile
    void multiply(boolean transposeA, boolean transposeB, int m, int n, int k, long a, long b, long c, boolean accumulate, long room) {
        // cuBLAS counts by columns, to which each of these matrices is transposed: cᵀ = op(b)ᵀ · op(a)ᵀ.
        try {
            if (workspace != room) {
                check((int) setWorkspace.invokeExact(handle, room, WORKSPACE));
                workspace = room;
            }
            check((int) gemm.invokeExact(handle, transposeB ? 1 : 0, transposeA ? 1 : 0, n, m, k, one.address(), b, FLOAT32, transposeB ? k : n, a,
                    FLOAT32, transposeA ? m : k, (accumulate ? one : zero).address(), c, FLOAT32, n, compute, ANY_ALGORITHM));
        } catch (IllegalStateException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw Library.failed(e);
        }
    }

    private void check(int status) {
        if (status != 0) {
            throw new IllegalStateException(String.format(Locale.ROOT, "CUDA: %s: status %d", name, status));
        }
    }

    @Override
    public void close() {
        check(Library.call(destroy, handle));
    }
}
