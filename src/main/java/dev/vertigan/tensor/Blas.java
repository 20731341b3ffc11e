package dev.vertigan.tensor;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/// The machine's BLAS: MKL where `-Dorg.bytedeco.openblas.load=mkl` finds it, else OpenBLAS. JavaCPP unpacks and loads the library;
/// calls go straight to it, with plain addresses, which costs some tens of nanoseconds and allocates nothing.
///
/// Always single-threaded: the kernels split products between their own threads.
@SuppressWarnings("restricted") // native access is the point
final class Blas {

    private static final int ROW_MAJOR = 101;
    private static final int PLAIN = 111;
    private static final int TRANSPOSED = 112;

    private static final List<SymbolLookup> LIBRARIES = libraries();
    private static final boolean MKL = symbol("MKL_Set_Num_Threads_Local").isPresent();
    private static final MethodHandle SGEMM = function("cblas_sgemm", FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT, JAVA_INT,
            JAVA_INT, JAVA_INT, JAVA_INT, JAVA_FLOAT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_FLOAT, JAVA_LONG, JAVA_INT));
    // MKL's setting is the calling thread's own, OpenBLAS's the process's; ND4J changes both when it starts.
    private static final MethodHandle SET_THREADS = MKL
            ? function("MKL_Set_Num_Threads_Local", FunctionDescriptor.of(JAVA_INT, JAVA_INT))
            : function("openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));

    private Blas() {}

    static String name() {
        return MKL ? "MKL" : "OpenBLAS";
    }

    private static List<SymbolLookup> libraries() {
        List<String> paths = new ArrayList<>();
        paths.add(Loader.load(openblas_nolapack.class)); // finds its dependencies' symbols too, except on Windows
        paths.addAll(Loader.getLoadedLibraries().values());
        return paths.stream().map(path -> SymbolLookup.libraryLookup(path, Arena.global())).toList();
    }

    private static Optional<MemorySegment> symbol(String name) {
        return LIBRARIES.stream().flatMap(library -> library.find(name).stream()).findFirst();
    }

    private static MethodHandle function(String name, FunctionDescriptor descriptor) {
        MemorySegment address = symbol(name).orElseThrow(() -> new UnsatisfiedLinkError("BLAS: expected a function " + name + ", found none"));
        return Linker.nativeLinker().downcallHandle(address, descriptor);
    }

    /// `c[m, n] = op(a)[m, k] · op(b)[k, n] + beta · c`, row-major, at the given addresses with rows `lda`, `ldb`, `ldc` floats apart.
    static void sgemm(boolean transposeA, boolean transposeB, int m, int n, int k, long a, int lda, long b, int ldb, float beta, long c, int ldc) {
        try {
            if (MKL) {
                int previous = (int) SET_THREADS.invokeExact(1);
            } else {
                SET_THREADS.invokeExact(1);
            }
            SGEMM.invokeExact(ROW_MAJOR, transposeA ? TRANSPOSED : PLAIN, transposeB ? TRANSPOSED : PLAIN, m, n, k, 1f, a, lda, b, ldb, beta, c, ldc);
        } catch (Throwable e) {
            throw new IllegalStateException("BLAS call failed: " + e, e);
        }
    }
}
