package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> helpTellsEveryOption() {
        return Stream
                .of(List.of("train", "--preset", "--config", "--set", "--data-dir", "--seed", "--steps", "--run-dir", "--no-dashboard", "--exit",
                        "--dry-run"),
                        List.of("resume", "RUN", "--steps", "--data-dir", "--set", "--no-dashboard", "--exit"),
                        List.of("sample", "RUN", "--count", "--out", "--npy", "--png", "--tar", "--step", "--raw", "--ema", "--seed", "--truncation",
                                "--latents", "--save-latents", "--interpolate"),
                        List.of("evaluate", "RUN", "--step", "--count", "--sets", "--prepare", "--raw", "--seed", "--json", "--data-dir"),
                        List.of("export", "RUN", "--onnx", "--discriminator", "--tensorboard", "--step", "--raw"),
                        List.of("table", "TABLE", "--seeds", "--config", "--vary", "--steps", "--set", "--jobs", "--count", "--dir", "stacked-mnist"),
                        List.of("generate-completion"))
                .map(words -> DynamicTest.dynamicTest(words.getFirst(), () -> {
                    var shell = Shell.run(words.getFirst(), "--help");
                    assertEquals(0, shell.code());
                    words.forEach(word -> assertTrue(shell.out().contains(word), () -> word + " in\n" + shell.out()));
                    assertTrue(shell.out().lines().allMatch(line -> line.length() <= 110), shell.out());
                }));
    }

    @Test
    void helpOfTheProgramTellsItsCommandsAndPresets() {
        var help = Shell.run("--help");
        assertAll(
                () -> assertEquals(0, help.code()),
                () -> assertTrue(help.out().contains("train") && help.out().contains("resume") && help.out().contains("sample"), help.out()),
                () -> assertTrue(ConfigLoader.PRESETS.stream().allMatch(Shell.run("train", "--help").out()::contains), "presets"));
    }

    @Test
    void versionTellsProgramAndJava() {
        var version = Shell.run("--version");
        assertEquals(0, version.code());
        assertTrue(version.out().startsWith("VertiGAN "), version.out());
        assertTrue(version.out().contains("Java " + Runtime.version()), version.out());
    }

    @Test
    void completionKnowsPresets() {
        var completion = Shell.run("generate-completion");
        assertEquals(0, completion.code());
        assertTrue(completion.out().contains("goodfellow-mnist"), "presets complete");
    }

    @Test
    void aWrongCallIsToldWithWhereToLook() {
        for (String[] call : new String[][] {{}, {"trane"}, {"train", "--sett", "x"}, {"train", "extra"}, {"resume"},
            {"sample", "x", "--count", "many"},
            {"sample", "x", "--count", "0"}, {"sample", "x", "--truncation", "0"}, {"sample", "x", "--raw", "--ema"},
            {"sample", "x", "--interpolate", "1", "2"}, {"sample", "x", "--interpolate", "1", "2", "1"},
            {"sample", "x", "--latents", "z.npy", "--seed", "2"}}) {
            var shell = Shell.run(call);
            assertEquals(2, shell.code(), shell.err());
            assertTrue(shell.err().startsWith("vertigan: "), shell.err());
            assertTrue(shell.err().contains("--help`"), shell.err());
            assertEquals("", shell.out());
        }
    }

    @Test
    void badInputIsToldWithoutAStackTraceAndLeavesNothingBehind() throws Exception {
        var run = folder.resolve("run").toString();
        var file = Files.writeString(folder.resolve("my.json"), "{\"batch\": 0}").toString();
        var wrong = new String[][] {{"train", "--preset", "digit", "--run-dir", run}, {"train", "--set", "batch=0", "--run-dir", run},
            {"train", "--set", "batch", "--run-dir", run}, {"train", "--steps", "ten", "--run-dir", run},
            {"train", "--seed", "x", "--run-dir", run}, {"train", "--config", file, "--run-dir", run},
            {"train", "--config", run, "--run-dir", run}, {"train", "--config", run + "/none.json", "--run-dir", run},
            {"train", "--set", "generator.layers=dense 0, output", "--run-dir", run},
            {"train", "--set", "discriminator.layers=output sigmoid", "--run-dir", run},
            {"train", "--set", "generator.layers=dense 60000, dense 60000, output", "--run-dir", run},
            {"train", "--set", "dashboard.tokenFile=" + run + "/none", "--run-dir", run}};
        var impossible = new String[][] {{"train", "--preset", "mnist", "--data-dir", run, "--run-dir", run}, {"train", "--run-dir", file},
            {"resume", run}, {"resume", file}, {"sample", run}};
        for (String[] call : wrong) {
            assertTold(2, call);
        }
        for (String[] call : impossible) {
            assertTold(1, call);
        }
    }

    private void assertTold(int code, String... call) {
        var shell = Shell.run(call);
        assertEquals(code, shell.code(), shell.err());
        assertTrue(shell.err().startsWith("vertigan: ") && shell.err().contains("expected"), shell.err());
        assertFalse(shell.err().contains("\tat ") || shell.err().contains("Exception"), shell.err());
        assertFalse(Files.exists(folder.resolve("run")), "a folder was made for " + String.join(" ", call));
    }

    @Test
    void whatWasMeantIsSaid() {
        for (String[] call : new String[][] {{"trian", "did you mean train?"}, {"train", "--stpes", "5", "did you mean --steps?"},
            {"resume", "x", "--dashbord", "did you mean --no-dashboard?"}, {"bisect", "x", "--when", "nodes < 3", "did you mean modes?"},
            {"train", "--set", "learning_rate=3", "did you mean generator.optimiser.rate?"}}) {
            var shell = Shell.run(Arrays.copyOf(call, call.length - 1));
            assertEquals(2, shell.code());
            assertTrue(shell.err().contains(call[call.length - 1]), shell.err());
        }
    }

    @Test
    void whatIsLikeNothingKnownIsNotGuessedAt() {
        for (String[] call : new String[][] {{"quit"}, {"sample", "x", "--unknown"}, {"train", "--preset", "nope"},
            {"train", "--set", "foo.bar=3"}}) {
            var shell = Shell.run(call);
            assertEquals(2, shell.code());
            assertFalse(shell.err().contains("did you mean"), shell.err());
        }
    }

    @Test
    void helpIsACommandToo() {
        assertEquals(Shell.run("--help").out(), Shell.run("help").out());
        assertEquals(Shell.run("sample", "--help").out(), Shell.run("help", "sample").out());
    }

    /// The list of commands shows each description's first part, and all are wrapped again: what ends in the middle of a sentence is cut there.
    @Test
    void helpIsOfWholeSentencesAndItsExamplesKeepTheirLines() {
        commands(Main.commandLine(new Console(System.out, System.err, false))).forEach(command -> {
            var spec = command.getCommandSpec();
            String name = spec.qualifiedName();
            assertSentences(name, spec.usageMessage().description());
            spec.args().forEach(argument -> assertSentences(name + " " + argument.paramLabel(), argument.description()));
            Arrays.stream(spec.usageMessage().footer()).forEach(line -> assertTrue(line.length() <= 110, () -> name + ": " + line));
        });
    }

    private static Stream<CommandLine> commands(CommandLine line) {
        return Stream.concat(Stream.of(line), line.getSubcommands().values().stream().flatMap(MainTest::commands));
    }

    private static void assertSentences(String of, String... parts) {
        Arrays.stream(parts).filter(part -> !part.isBlank() && !part.startsWith("  "))
                .forEach(part -> assertTrue(part.matches("(?s).*([.:]|%n)"), () -> of + ": " + part));
    }

    /// Before anything is opened: none of these runs is there.
    @Test
    void filesThatCouldNotBeWrittenAreRefusedFirst() throws Exception {
        var there = Files.createDirectories(folder.resolve("there"));
        var file = Files.writeString(there.resolve("other"), "").toString();
        String absent = folder.resolve("absent/file").toString();
        for (String[] call : new String[][] {{"sample", "x", "--out", absent}, {"sample", "x", "--npy", there.toString()},
            {"sample", "x", "--csv", ""},
            {"sample", "x", "--out", file, "--tar", there + "/../there/other"}, {"sample", "x", "--png", there.toString()},
            {"replay", "x", "--to", "3", "--out", absent}, {"replay", "x", "--to", "3", "--out", file, "--checkpoint", file},
            {"export", "x", "--onnx", file, "--discriminator", file}, {"baseline", "vae", "--out", absent}, {"baseline", "vae", "--png", file},
            {"compare", "x", "--csv", absent}, {"bench", "--json", absent}, {"bisect", "x", "--when", "modes < 3", "--out", absent}}) {
            assertTold(2, call);
        }
    }

    @Test
    void wordsThatDoNotFitAreToldInTheProgramsOwn() {
        assertAll(
                () -> assertSaid("--count: expected a whole number, found \"many\"", "sample", "x", "--count", "many"),
                () -> assertSaid("--count: expected a whole number of at most 9223372036854775807", "sample", "x", "--count", "9".repeat(20)),
                () -> assertSaid("--truncation: expected a number, found \"x\"", "sample", "x", "--truncation", "x"),
                () -> assertSaid("expected RUN, found none", "sample"),
                () -> assertSaid("expected --to STEP, found none", "replay", "x"),
                () -> assertSaid("expected no more arguments, found \"y\"", "sample", "x", "y"),
                () -> assertSaid("unknown command \"trane\"; did you mean train?", "trane"),
                () -> assertSaid("--interpolate: expected", "sample", "x", "--interpolate", "1", "2", "3", "--interpolate", "1", "2", "3"),
                () -> assertSaid("--to: expected a step from --from, 30, on, found 20", "bisect", "x", "--when", "modes < 3", "--from", "30", "--to",
                        "20"));
    }

    private static void assertSaid(String expected, String... call) {
        var shell = Shell.run(call);
        assertEquals(2, shell.code(), shell.err());
        assertTrue(shell.err().startsWith("vertigan: " + expected), shell.err());
    }

    @Test
    void settingsAreListedByWordsInTheirPaths() {
        var all = Shell.run("settings");
        assertTrue(Setting.all().stream().allMatch(setting -> all.out().contains(setting.path() + " = " + setting.initial())), all.out());
        assertEquals("""
                game.pack = 1
                    samples that D judges together, so that it sees how they differ (Lin et al. 2018); must divide a shard of `batch`
                    a whole number from 1 to 64; another value is another run
                """, Shell.run("settings", "PACK").out());
        var unknown = Shell.run("settings", "batsh");
        assertEquals(1, unknown.code());
        assertTrue(unknown.err().contains("did you mean batch?"), unknown.err());
    }
}
