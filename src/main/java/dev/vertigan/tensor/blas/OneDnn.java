package dev.vertigan.tensor.blas;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.vertigan.tensor.Lanes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;

/// Products by oneDNN, which compiles its kernels for the CPU it finds, whoever made that. Only the library is taken from JavaCPP's preset;
/// its classes need a newer JavaCPP than ND4J's.
record OneDnn(MethodHandle sgemm, MethodHandle setThreads) implements Blas.Library {

    static final String TITLE = "oneDNN";

    private static final String PLATFORM = "linux-x86_64";
    private static final String FOLDER = "/org/bytedeco/dnnl/" + PLATFORM + "/";

    /// Whether there are binaries for this platform.
    static boolean isThere() {
        return Loader.getPlatform().equals(PLATFORM);
    }

    /// @throws IOException if the library is not on the class path, cannot be unpacked or cannot be loaded here
    static OneDnn load() throws IOException {
        if (!isThere()) {
            throw new IOException("expected Linux on x86-64, found " + Loader.getPlatform());
        }
        unpack("libgomp.so.1"); // found by the other in its own folder
        var library = List.of(library(unpack("libdnnl.so.3")));
        return new OneDnn(
                Blas.function(library, "dnnl_sgemm", FunctionDescriptor.of(JAVA_INT, JAVA_BYTE, JAVA_BYTE, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                        JAVA_FLOAT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_FLOAT, JAVA_LONG, JAVA_LONG)),
                Blas.function(library, "omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT)));
    }

    /// The library's file: unpacked beforehand in the folder that `-Dvertigan.natives` names, as in an image that is never written, else now.
    private static String unpack(String name) throws IOException {
        var laid = Optional.ofNullable(System.getProperty("vertigan.natives")).map(folder -> Path.of(folder, name)).filter(Files::exists);
        if (laid.isPresent()) {
            return laid.get().toString();
        }
        var resource = OneDnn.class.getResource(FOLDER + name);
        if (resource == null) {
            throw new IOException("expected " + FOLDER + name + " on the class path, found none");
        }
        return Loader.cacheResource(resource).getPath();
    }

    @SuppressWarnings("restricted") // native access is the point
    private static SymbolLookup library(String path) throws IOException {
        try {
            return SymbolLookup.libraryLookup(path, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new IOException("cannot load " + path + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String title() {
        return TITLE;
    }

    /// Its packing is slow with AVX-512: 160 instead of 250 GFLOP/s with 128 rows on the left, 75 with 32.
    @Override
    public boolean slowWithTransposedRight() {
        return Lanes.L == Transposition.TILE;
    }

    @Override
    public void sgemm(boolean transposeA, boolean transposeB, int m, int n, int k, long a, int lda, long b, int ldb, float beta, long c, int ldc)
            throws Throwable {
        setThreads.invokeExact(1); // the calling thread's own setting
        int status = (int) sgemm.invokeExact(letter(transposeA), letter(transposeB), (long) m, (long) n, (long) k, 1f, a, (long) lda, b, (long) ldb,
                beta, c, (long) ldc);
        if (status != 0) {
            throw new IllegalStateException("dnnl_sgemm: expected status 0, found " + status);
        }
    }

    private static byte letter(boolean transpose) {
        return (byte) (transpose ? 'T' : 'N');
    }
}
