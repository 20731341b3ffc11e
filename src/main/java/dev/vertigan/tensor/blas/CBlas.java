package dev.vertigan.tensor.blas;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;

/// Products by the BLAS that JavaCPP unpacks and loads for ND4J: MKL where `-Dorg.bytedeco.openblas.load=mkl` finds it, else OpenBLAS.
///
/// @param setThreads MKL's setting is the calling thread's own, OpenBLAS's the process's; ND4J changes both when it starts
record CBlas(boolean mkl, MethodHandle sgemm, MethodHandle setThreads) implements Blas.Library {

    private static final int ROW_MAJOR = 101;
    private static final int PLAIN = 111;
    private static final int TRANSPOSED = 112;

    static CBlas load() {
        var libraries = libraries();
        boolean mkl = Blas.symbol(libraries, "MKL_Set_Num_Threads_Local").isPresent();
        var sgemm = Blas.function(libraries, "cblas_sgemm", FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
                JAVA_FLOAT, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_FLOAT, JAVA_LONG, JAVA_INT));
        return new CBlas(mkl, sgemm, mkl
                ? Blas.function(libraries, "MKL_Set_Num_Threads_Local", FunctionDescriptor.of(JAVA_INT, JAVA_INT))
                : Blas.function(libraries, "openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT)));
    }

    @SuppressWarnings("restricted") // native access is the point
    private static List<SymbolLookup> libraries() {
        List<String> paths = new ArrayList<>();
        paths.add(Loader.load(openblas_nolapack.class)); // finds its dependencies' symbols too, except on Windows
        paths.addAll(Loader.getLoadedLibraries().values());
        return paths.stream().map(path -> SymbolLookup.libraryLookup(path, Arena.global())).toList();
    }

    @Override
    public String title() {
        return title(mkl);
    }

    static String title(boolean mkl) {
        return mkl ? "MKL" : "OpenBLAS";
    }

    @Override
    public boolean slowWithTransposedRight() {
        return false;
    }

    @Override
    public void sgemm(boolean transposeA, boolean transposeB, int m, int n, int k, long a, int lda, long b, int ldb, float beta, long c, int ldc)
            throws Throwable {
        if (mkl) {
            int _ = (int) setThreads.invokeExact(1);
        } else {
            setThreads.invokeExact(1);
        }
        sgemm.invokeExact(ROW_MAJOR, transposeA ? TRANSPOSED : PLAIN, transposeB ? TRANSPOSED : PLAIN, m, n, k, 1f, a, lda, b, ldb, beta, c, ldc);
    }
}
