package dev.vertigan.tensor.blas;

import dev.vertigan.config.UserError;
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The library that multiplies large matrices: what `-Dvertigan.blas` names (`onednn`, `mkl`, `openblas`), else the faster of oneDNN and MKL on
/// Linux with x86-64 (on AMD's CPUs MKL does without AVX-512), as [BlasTrial] finds it, MKL elsewhere on x86-64, and OpenBLAS where there is neither.
///
/// Always single-threaded: the kernels split products between their own threads. Calls go straight to the library, with plain addresses,
/// which costs some tens of nanoseconds and allocates nothing.
@SuppressWarnings("restricted") // native access is the point
public final class Blas {

    /// One such library, loaded.
    public interface Library {

        /// As in `MKL`.
        String title();

        /// Whether products with a transposed right side are much slower than others, so that a transposed copy pays.
        boolean slowWithTransposedRight();

        /// As [Blas#sgemm].
        void sgemm(boolean transposeA, boolean transposeB, int m, int n, int k, long a, int lda, long b, int ldb, float beta, long c, int ldc)
                throws Throwable;
    }

    private static final Logger log = LoggerFactory.getLogger(Blas.class);

    private static final String SETTING = "vertigan.blas";
    private static final String OPENBLAS_OR_MKL = "org.bytedeco.openblas.load"; // JavaCPP's setting: `mkl`, or empty for OpenBLAS

    private static final class Chosen {

        static final Library LIBRARY = library();
    }

    private Blas() {}

    /// Loads it.
    ///
    /// @throws UserError if `-Dvertigan.blas` names no library, or one that is not to be had
    public static void load() {
        try {
            name();
        } catch (ExceptionInInitializerError e) {
            if (e.getCause() instanceof UserError problem) {
                throw problem;
            }
            throw e;
        }
    }

    /// As in `MKL`.
    public static String name() {
        return Chosen.LIBRARY.title();
    }

    public static boolean slowWithTransposedRight() {
        return Chosen.LIBRARY.slowWithTransposedRight();
    }

    /// `c[m, n] = op(a)[m, k] · op(b)[k, n] + beta · c`, row-major, at the given addresses with rows `lda`, `ldb`, `ldc` floats apart.
    public static void sgemm(boolean transposeA, boolean transposeB, int m, int n, int k, long a, int lda, long b, int ldb, float beta, long c,
            int ldc) {
        try {
            Chosen.LIBRARY.sgemm(transposeA, transposeB, m, n, k, a, lda, b, ldb, beta, c, ldc);
        } catch (Throwable e) {
            throw new IllegalStateException("BLAS call failed: " + e, e);
        }
    }

    private static Library library() {
        String wanted = System.getProperty(SETTING, "");
        switch (wanted) {
            case "onednn" -> {
                try {
                    return OneDnn.load();
                } catch (IOException e) {
                    throw new UserError(String.format(Locale.ROOT, "%s=onednn: expected oneDNN to load, found: %s", SETTING, e.getMessage()), e);
                }
            }
            case "mkl" -> {
                System.setProperty(OPENBLAS_OR_MKL, "mkl");
                var library = CBlas.load();
                if (!library.mkl()) {
                    throw new UserError(String.format(Locale.ROOT,
                            "%s=mkl: expected MKL, found none for this platform; leave it out, or choose openblas", SETTING));
                }
                return library;
            }
            case "openblas" -> System.setProperty(OPENBLAS_OR_MKL, "");
            case "" -> {
                return OneDnn.isThere() ? fastest() : CBlas.load();
            }
            default -> throw new UserError(String.format(Locale.ROOT, "%s: expected onednn, mkl or openblas, found \"%s\"", SETTING, wanted));
        }
        return CBlas.load();
    }

    private static Library fastest() {
        try {
            return BlasTrial.winner(BlasTrial.file(Loader.getCacheDir().toPath()), OneDnn.TITLE, OneDnn::load, CBlas.title(mkl()), CBlas::load);
        } catch (IOException e) {
            log.debug("no trial of oneDNN", e);
            return CBlas.load();
        }
    }

    private static boolean mkl() {
        return System.getProperty(OPENBLAS_OR_MKL, "").equals("mkl");
    }

    public static Optional<MemorySegment> symbol(List<SymbolLookup> libraries, String name) {
        return libraries.stream().flatMap(library -> library.find(name).stream()).findFirst();
    }

    public static MethodHandle function(List<SymbolLookup> libraries, String name, FunctionDescriptor descriptor) {
        var address = symbol(libraries, name).orElseThrow(() -> new UnsatisfiedLinkError("BLAS: expected a function " + name + ", found none"));
        return Linker.nativeLinker().downcallHandle(address, descriptor);
    }
}
