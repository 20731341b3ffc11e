package dev.vertigan.tensor.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vertigan.cuda.Device;
import dev.vertigan.cuda.NoDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// `emulated-card.cpp` with `kernels.cu` in it, as a library: what CUDA kernels compute, on the CPU. Built once in a process.
public final class EmulatedCard {

    private static final Pattern KERNEL = Pattern.compile("^KERNEL (\\w+)\\(", Pattern.MULTILINE);
    private static final long LONGEST_MINUTES = 3;

    private static Optional<Device> device = Optional.empty();

    private EmulatedCard() {}

    /// A test that needs it is skipped where there is no C++ compiler.
    static synchronized Device device() {
        if (device.isEmpty()) {
            try {
                device = Optional.of(Device.in(build(Files.createTempDirectory("emulated-card"))));
            } catch (NoDevice e) {
                throw new AssertionError(e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return device.orElseThrow();
    }

    public static CudaKernels kernels() {
        try {
            return new CudaKernels(device(), false);
        } catch (NoDevice e) {
            throw new AssertionError(e);
        }
    }

    /// The kernels' source.
    static String source() throws IOException {
        try (var in = CudaKernels.class.getResourceAsStream("kernels.cu")) {
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private static Path build(Path folder) throws IOException {
        String source = source();
        Files.writeString(folder.resolve("kernels.cu"), source);
        Files.writeString(folder.resolve("kernels.inc"), KERNEL.matcher(source).results().map((MatchResult kernel) -> "EMULATED(%s)%n"
                .formatted(kernel.group(1))).collect(Collectors.joining()));
        try (var in = EmulatedCard.class.getResourceAsStream("emulated-card.cpp")) {
            Files.copy(in, folder.resolve("emulated-card.cpp"));
        }
        var library = folder.resolve("libemulated-card.so");
        run(folder, "g++", List.of("-std=c++17", "-O2", "-ffp-contract=off", "-U_FORTIFY_SOURCE", "-fPIC", "-shared", "-fvisibility=hidden", "-w",
                "-o", library.toString(), "emulated-card.cpp"));
        return library;
    }

    /// Runs a compiler; the test is skipped where there is none.
    ///
    /// @throws AssertionError with its words if it fails
    static void run(Path folder, String compiler, List<String> arguments) throws IOException {
        var command = new java.util.ArrayList<>(List.of(compiler));
        command.addAll(arguments);
        var words = folder.resolve("compiler.txt");
        Process process;
        try {
            process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(words.toFile()).start();
        } catch (IOException e) {
            assumeTrue(false, "no %s to test with: %s".formatted(compiler, e.getMessage()));
            throw e;
        }
        try {
            if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError("%s: %s".formatted(compiler, Files.readString(words)));
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
