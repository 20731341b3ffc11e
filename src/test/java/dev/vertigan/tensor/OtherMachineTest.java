package dev.vertigan.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The kernels are right on CPUs with narrower vectors than this one's, and with every BLAS there is for it.
class OtherMachineTest {

    @TempDir
    private Path temp;

    @ParameterizedTest
    @CsvSource({"0,simd SSE (4 lanes)", "1,simd SSE (4 lanes)", "2,simd AVX2 (8 lanes)"})
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
    void narrowerVectorsComputeTheSame(int avx, String expected) throws Exception {
        String kernels = run("-XX:UseAVX=" + avx);
        assertTrue(kernels.startsWith(expected), kernels);
    }

    @Test
    void theBundledBlasComputesTheSame() throws Exception {
        multipliesBy("openblas", "OpenBLAS");
    }

    @ParameterizedTest
    @CsvSource({"onednn,oneDNN", "mkl,MKL"})
    @EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
    @EnabledIfSystemProperty(named = "os.name", matches = "Linux")
    void theOtherLibrariesComputeTheSame(String setting, String title) throws Exception {
        multipliesBy(setting, title);
    }

    private void multipliesBy(String setting, String title) throws Exception {
        String kernels = run("-Dvertigan.blas=" + setting, "products");
        assertTrue(kernels.contains(", " + title + ", 2 threads"), kernels);
    }

    private String run(String flag, String... arguments) throws IOException, InterruptedException {
        var log = temp.resolve("log");
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules=jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC", "-Xmx256m", "-Dorg.bytedeco.openblas.load=" + System.getProperty("org.bytedeco.openblas.load", ""), flag, "-cp",
                System.getProperty("java.class.path"), OtherMachine.class.getName()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        assertTrue(process.waitFor(180, TimeUnit.SECONDS), "the process did not end");
        String output = Files.readString(log, StandardCharsets.UTF_8);
        assertEquals(0, process.exitValue(), output);
        return output.lines().filter(line -> line.startsWith("simd ")).findFirst().orElseThrow(() -> new AssertionError(output));
    }
}
