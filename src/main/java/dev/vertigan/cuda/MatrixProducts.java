package dev.vertigan.cuda;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/// cuBLAS's matrix products in float32 (not TF32) on one stream. Not thread-safe.
final class MatrixProducts implements AutoCloseable {

    /// Bytes of working memory for one product: what cuBLAS asks for on Hopper.
    static final long WORKSPACE = 1L << 25;

    private final String name;
    private final MethodHandle sgemm;
    private final MethodHandle setWorkspace;
    private final MethodHandle destroy;
    private final long handle;
    private final MemorySegment one = Arena.ofAuto().allocateFrom(JAVA_FLOAT, 1);
    private final MemorySegment zero = Arena.ofAuto().allocateFrom(JAVA_FLOAT, 0);
    private long workspace;

    MatrixProducts(Library library, long stream) {
        name = library.name();
        sgemm = library.function("cublasSgemm_v2", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT,
                JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
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
            check((int) sgemm.invokeExact(handle, transposeB ? 1 : 0, transposeA ? 1 : 0, n, m, k, one.address(), b, transposeB ? k : n, a,
                    transposeA ? m : k, (accumulate ? one : zero).address(), c, n));
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
