package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A game that the settings allow is played by all that a run starts, live evaluation included, and is resumed, sampled and, in the plane, measured
/// afterwards: what only looks at a run may not refuse it.
class EverySettingPlaysTest {

    private static final String[] SMALL_RING = {"--preset", "ring-2014", "--set", "batch=8", "--set", "data.size=200", "--set",
        "generator.layers=dense 8 relu, output", "--set", "discriminator.layers=dense 8 leaky-relu, output"};
    private static final String[] SMALL_DIGITS = {"--preset", "digits", "--set", "batch=8", "--set", "generator.layers=dense 16 relu, output sigmoid",
        "--set", "discriminator.layers=dense 16 leaky-relu, output", "--set", "data.size=200", "--set", "evaluation.share=0"};

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"game.pack=2", "game.pack=4|game.objective=relativistic|game.penalty.r1=1", "game.objective=minimax",
        "game.objective=least-squares", "game.objective=wasserstein|game.penalty.gp=10|game.discriminatorSteps=2",
        "game.objective=hinge|discriminator.spectralNorm=true", "game.objective=relativistic-average|game.schedule=simultaneous",
        "game.objective=maximum-likelihood", "game.realLabel=0.9|game.instanceNoise=0.1, linear to 0 at 1k", "latent.distribution=uniform",
        "emaDecay=0|shards=2", "discriminator.layers=dense 8 leaky-relu, minibatch-deviation, output",
        "generator.layers=dense 8, batch-norm relu, dropout 0.5, output|discriminator.layers=dense 8, batch-norm leaky-relu, dropout 0.5, output",
        "generator.layers=dense 8 classes 8 relu, output|discriminator.layers=dense 8 classes 8 leaky-relu, output",
        "discriminator.optimiser.name=sgd|discriminator.optimiser.rate=0.05|generator.optimiser.clip=1"})
    void ofPoints(String settings) {
        plays(SMALL_RING, settings);
        succeeds(new String[] {run(), "--sets", "1"}, "evaluate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"game.pack=2", "game.augmentation.flip=true|game.augmentation.translate=0.1|game.augmentation.cutout=0.3",
        "generator.layers=dense 16 classes 10 relu, output sigmoid|discriminator.layers=dense 16 leaky-relu, output projection 10"})
    void ofImages(String settings) {
        plays(SMALL_DIGITS, settings);
    }

    private void plays(String[] small, String settings) {
        var changes = Arrays.stream(settings.split("\\|")).flatMap(change -> Stream.of("--set", change)).toArray(String[]::new);
        succeeds(Program.with(Program.with(small, changes), "--no-dashboard", "--steps", "3", "--run-dir", run()), "train");
        succeeds(new String[] {run(), "--no-dashboard", "--steps", "5"}, "resume");
        succeeds(new String[] {run(), "--count", "10", "--npy", folder.resolve("samples.npy").toString()}, "sample");
    }

    private String run() {
        return folder.resolve("run").toString();
    }

    private static void succeeds(String[] arguments, String command) {
        var done = Shell.run(Program.with(new String[] {command}, arguments));
        assertEquals(0, done.code(), () -> command + ": " + done.err());
    }
}
