package dev.vertigan.monitoring;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A program of the machine's, by its name. A test that needs one is skipped where it is missing.
record Tool(Path file) {

    /// The repository's top folder: where Maven runs the tests.
    static final Path TOP = Path.of("").toAbsolutePath();

    /// What a program wrote, and the code it ended with.
    record Result(int code, String output) {}

    /// Skips the test if there is none.
    static Tool named(String name) {
        var found = Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)).filter(Files::isExecutable).findFirst();
        assumeTrue(found.isPresent(), name + " is not installed");
        return new Tool(found.get());
    }

    /// Runs it in a folder to its end.
    Result run(Path folder, String... arguments) throws IOException, InterruptedException {
        return run(builder(folder, arguments));
    }

    ProcessBuilder builder(Path folder, String... arguments) {
        var command = Stream.concat(Stream.of(file.toString()), List.of(arguments).stream()).toList();
        return new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    }

    static Result run(ProcessBuilder builder) throws IOException, InterruptedException {
        var process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), output);
    }
}
