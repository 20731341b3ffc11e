package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.game.GameRules;
import dev.vertigan.game.Generator;
import dev.vertigan.game.Latents;
import dev.vertigan.game.PlainGame;
import dev.vertigan.game.PlayerState;
import dev.vertigan.game.Sampler;
import dev.vertigan.nn.Shape;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a configuration takes is known before it is taken.
class DryRunTest {

    @TempDir
    Path folder;

    private static RunConfig config(String preset, String... settings) {
        return Configurations.LOADER.load(preset, Optional.empty(), Stream.of(settings).map(Assignment::parse).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ring-2014", "conditional-digits"})
    void tellsWithoutLeavingAnything(String preset) {
        var run = folder.resolve("run");
        var dry = Shell.run("train", "--preset", preset, "--dry-run", "--run-dir", run.toString(), "--set", "compute.threads=1");
        assertEquals(0, dry.code(), dry.err());
        for (var line : List.of("networks", "memory", "work", "compute", "time")) {
            assertTrue(dry.out().lines().anyMatch(told -> told.startsWith(line)), dry.out());
        }
        assertFalse(Files.exists(run));
    }

    /// Builds and plays a turn of every game named, keeping them all, and prints what each took: in a process of its own, where nothing else
    /// takes memory or gives any back.
    static final class Measured {

        private Measured() {}

        public static void main(String[] presets) {
            var pool = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream().filter(bean -> bean.getName().equals("direct")).findAny()
                    .orElseThrow();
            var kept = new ArrayList<>();
            try (var kernels = Backend.open(Choice.Kernels.SIMD, 1)) {
                for (var preset : presets) {
                    var config = game(preset);
                    var dataset = Datasets.open(config.data(), Downloads.Progress.NONE);
                    long before = pool.getMemoryUsed();
                    var game = new PlainGame(config, dataset, new double[0], kernels);
                    game.play(1);
                    var sampler = Sampler.ofFixedLatents(config, Shape.of(dataset.shape()), config.samples().count(), kernels);
                    sampler.load(new PlayerState(1, game.state()), true);
                    sampler.draw(Latents.drawn(config, config.seed()), 0, config.samples().count());
                    long taken = pool.getMemoryUsed() - before;
                    long parameters = new Generator(GameRules.of(config, Shape.of(dataset.shape()), dataset.size()), config.generator(),
                            new double[0], kernels).parameterCount();
                    kept.addAll(List.of(game, sampler));
                    System.out.println(preset + " " + taken + " " + parameters);
                }
            }
            if (kept.size() != 2 * presets.length) {
                throw new AssertionError(kept);
            }
        }
    }

    private static RunConfig game(String preset) {
        return config(preset, "data.name=digits", "compute.threads=1", "generator.init.outputBias=zero");
    }

    /// Of what is allocated for the game, the estimate is neither half nor twice.
    @Test
    void theEstimateIsNearWhatIsAllocated() throws Exception {
        String[] presets = {"ring-2014", "digits", "digits-dcgan", "goodfellow-mnist"};
        var program = Program.startMain(Measured.class, folder.resolve("log"), List.of("-Xmx1g"), presets);
        assertEquals(0, program.end(), program::output);
        for (var preset : presets) {
            var measured = program.line(preset + " ").split(" ");
            double taken = Double.parseDouble(measured[0]);
            var estimate = DryRun.requireMemory(game(preset));
            assertEquals(Long.parseLong(measured[1]), estimate.generator().parameters(), preset);
            assertTrue(estimate.bytes() > taken / 2 && estimate.bytes() < 2 * taken, preset + ": estimated " + estimate.bytes() + ", taken " + taken);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        var message = assertThrows(UserError.class, () -> DryRun.requireMemory(config("digits"), 1_000_000)).getMessage();
        assertTrue(message.contains("would take about") && message.contains("has 1.0 MB"), message);
    }

    @Test
    void aPictureIsOfBoundedSize() {
        for (var words : List.of(List.of("train", "--dry-run"), List.of("train", "--run-dir", folder.resolve("run").toString()))) {
            var shell = Shell.run(Stream.concat(words.stream(), Stream.of("--set", "data.name=images", "--data-dir", folder.toString(), "--set",
                    "data.extent=512", "--set", "samples.count=10000")).toArray(String[]::new));
            assertEquals(2, shell.code());
            assertTrue(shell.err().contains("samples.count: expected at most 42 samples of 512x512x3 in a picture, found 10,000"), shell.err());
        }
    }

    /// Memory that is there but may not be had: by a limit here, by other processes elsewhere.
    @Test
    void memoryExhaustedEndsTheProcessWithWhatToDo() throws Exception {
        var run = folder.resolve("run");
        var program = Program.start(folder.resolve("log"), List.of("-XX:MaxDirectMemorySize=4m", "-XX:TieredStopAtLevel=1"), "train",
                "--no-dashboard", "--run-dir",
                run.toString());
        assertEquals(1, program.end(), program::output);
        assertTrue(program.output().contains("out of memory") && program.output().contains("make the minibatch or the networks smaller"),
                program.output());
        assertFalse(Files.exists(run), "a folder that the corrected command would refuse");
    }
}
