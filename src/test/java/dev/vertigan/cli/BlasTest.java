package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where there is no MKL, the bundled OpenBLAS serves.
class BlasTest {

    private static final List<String> WITHOUT_MKL = List.of("-Dvertigan.blas=openblas");

    @TempDir
    private Path temp;

    @Test
    void withoutMklTheProgramSaysSoAndARunIsTheSameAgain() throws Exception {
        String first = play("first");
        assertEquals(first, play("second"));
    }

    @Test
    void anUnknownLibraryIsRefused() throws Exception {
        var program = Program.start(temp.resolve("log"), List.of("-Dvertigan.blas=fast"), "train", "--preset", "ring-2014", "--no-dashboard",
                "--steps",
                "1",
                "--run-dir", temp.resolve("refused").toString(), "--set", "compute.kernels=simd");
        assertEquals(1, program.end(), program::output);
        assertEquals("expected onednn, mkl or openblas, found \"fast\"", program.line("vertigan: vertigan.blas: "));
    }

    private String play(String name) throws Exception {
        var program = Program.start(temp.resolve(name + ".log"), WITHOUT_MKL, "train", "--preset", "ring-2014", "--no-dashboard", "--steps", "20",
                "--run-dir",
                temp.resolve(name).toString(), "--set", "compute.threads=2");
        assertEquals(0, program.end(), program::output);
        String compute = program.line("compute    ");
        assertTrue(compute.matches("simd .+, OpenBLAS, 2 threads"), compute);
        return program.line("weights sha256 ");
    }
}
