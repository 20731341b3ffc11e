package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.ConfigLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

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
            {"resume", "x", "--dashbord", "did you mean --no-dashboard?"}}) {
            var shell = Shell.run(Arrays.copyOf(call, call.length - 1));
            assertEquals(2, shell.code());
            assertTrue(shell.err().contains(call[call.length - 1]), shell.err());
        }
    }
}
