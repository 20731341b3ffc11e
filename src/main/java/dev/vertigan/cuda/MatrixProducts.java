package dev.vertigan.cuda;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/// cuBLAS's matrix products in float32 (not TF32). Not thread-safe.
public final class MatrixProducts implements AutoCloseable {

    private final Device device;
    private final String name;
    private final MethodHandle sgemm;
    private final MethodHandle destroy;
    private final long handle;
    private final MemorySegment one = Arena.ofAuto().allocateFrom(JAVA_FLOAT, 1);
    private final MemorySegment zero = Arena.ofAuto().allocateFrom(JAVA_FLOAT, 0);

    MatrixProducts(Device device, Library library) {
        this.device = device;
        name = library.name();
        sgemm = library.function("cublasSgemm_v2", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT,
                JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
        destroy = library.function("cublasDestroy_v2", JAVA_LONG);
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_LONG);
            check(Library.call(library.function("cublasCreate_v2", JAVA_LONG), out.address()));
            handle = out.get(JAVA_LONG, 0);
        }
    }

    /// As in `libcublas.so.12`.
    public String name() {
        return name;
    }

    /// `c[m, n] = op(a)[m, k] · op(b)[k, n]`, added to it if `accumulate`; row-major, m, n and k at least 1.
    public void multiply(boolean transposeA, boolean transposeB, int m, int n, int k, long a, long b, long c, boolean accumulate) {
        device.enter();
        // cuBLAS counts by columns, to which each of these matrices is transposed: cᵀ = op(b)ᵀ · op(a)ᵀ.
        try {
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
        device.enter();
        check(Library.call(destroy, handle));
    }
}
