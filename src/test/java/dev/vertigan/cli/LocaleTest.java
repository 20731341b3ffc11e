package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// In a locale with digits of its own, the program writes the same files and reads them again.
class LocaleTest {

    private static final String[] RUN = {"train", "--preset", "gaussian-2014", "--no-dashboard", "--set", "batch=8", "--set",
        "generator.layers=dense 8 relu, output", "--set", "discriminator.layers=dense 8 relu, output", "--set", "checkpoint.every=10", "--set",
        "checkpoint.keep=2", "--set", "samples.every=10", "--set", "samples.count=10", "--set", "compute.threads=1"};

    @TempDir
    private Path temp;

    @Test
    void filesAreNamedAndReadInAnyLocale() throws Exception {
        var flags = flags("ar", "EG");
        var english = temp.resolve("english");
        run(flags("en", "US"), english, "--steps", "60");
        var local = temp.resolve("local");
        run(flags, local, "--steps", "40");
        var resumed = Program.start(temp.resolve("resumed.log"), flags, "resume", local.toString(), "--no-dashboard", "--steps", "60");
        assertEquals(0, resumed.end(), resumed::output);
        assertEquals(weights(temp.resolve("english.log")), resumed.line("weights sha256 "));
        assertEquals(names(english.resolve("checkpoints")), names(local.resolve("checkpoints")));
        assertEquals(names(english.resolve("samples")), names(local.resolve("samples")));
        assertEquals(6, Files.readAllLines(local.resolve("metrics.jsonl")).size());

        assertArrayEquals(samples(english, Program.BRIEF), samples(local, flags));
    }

    private static List<String> flags(String language, String country) {
        return Stream.concat(Program.BRIEF.stream(), Stream.of("-Duser.language=" + language, "-Duser.country=" + country)).toList();
    }

    private byte[] samples(Path run, List<String> flags) throws Exception {
        var npy = temp.resolve(run.getFileName() + ".npy");
        var sample = Program.start(temp.resolve("sample.log"), flags, "sample", run.toString(), "--count", "10", "--npy", npy.toString());
        assertEquals(0, sample.end(), sample::output);
        return Files.readAllBytes(npy);
    }

    private void run(List<String> flags, Path folder, String... more) throws Exception {
        var program = Program.start(temp.resolve(folder.getFileName() + ".log"), flags,
                Program.with(Program.with(RUN, "--run-dir", folder.toString()), more));
        assertEquals(0, program.end(), program::output);
    }

    private static String weights(Path log) throws IOException {
        return Files.readAllLines(log).stream().filter(line -> line.startsWith("weights sha256 ")).findFirst().orElseThrow()
                .substring("weights sha256 ".length());
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
