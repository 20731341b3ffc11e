package dev.vertigan.cli;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.game.Classes;
import dev.vertigan.game.Cost;
import dev.vertigan.game.PlainGame;
import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.train.LiveRating;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

/// What a configuration would take: told by `train --dry-run`, and refused if it is more than there is.
final class DryRun {

    private static final long SECOND = 1_000_000_000L;
    private static final int LEAST_TURNS = 3;
    private static final int MOST_TURNS = 50;
    private static final double FASTER = 0.9;
    private static final long LONGEST = 10 * SECOND; // rounds of turns for which code may yet be compiled

    private DryRun() {}

    /// @throws UserError if this machine has less memory than the configuration takes
    static Cost requireMemory(RunConfig config) {
        // Of this machine, or of the container.
        return requireMemory(config, ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class).getTotalMemorySize());
    }

    /// @param there bytes
    static Cost requireMemory(RunConfig config, long there) {
        var sample = Shape.of(Datasets.shape(config.data()));
        var cost = Cost.of(config, sample);
        double rating = rating(config, cost, sample);
        if (cost.bytes() + rating > there) {
            throw new UserError(String.format(Locale.ROOT, "expected networks and minibatches that fit in memory, found that they would take "
                    + "about %s (G learns %,d weights, D %,d; minibatches of %d), the live rating %s, and that this machine has %s. "
                    + "Make the layers, batch, samples.count or evaluation.rating smaller.",
                    bytes(cost.bytes()), cost.generator().parameters(), cost.discriminator().parameters(), config.batch(), bytes(rating),
                    bytes(there)));
        }
        return cost;
    }

    private static double rating(RunConfig config, Cost cost, Shape sample) {
        return LiveRating.bytes(config, cost.generator(), cost.discriminator(), sample);
    }

    /// Tells parameters, memory, work and time; nothing is read or written.
    static void tell(RunConfig config, Console console) {
        int[] shape = Datasets.shape(config.data());
        var cost = requireMemory(config);
        console.line(String.format(Locale.ROOT, "networks   G learns %,d weights, D %,d; minibatches of %d", cost.generator().parameters(),
                cost.discriminator().parameters(), config.batch()));
        console.line(String.format(Locale.ROOT, "memory     about %s for networks and minibatches, %s for the live rating of %d checkpoints",
                bytes(cost.bytes()), bytes(rating(config, cost, Shape.of(shape))), config.evaluation().rating()));
        console.line(String.format(Locale.ROOT, "work       about %,.0f million floating-point operations a turn", Math.ceil(cost.flops() / 1e6)));
        try (var kernels = Backend.open(config.compute())) {
            console.line("compute    " + kernels.describe());
            console.line(
                    String.format(Locale.ROOT, "time       about %.3g ms a turn here, without reading data", millis(config, shape, kernels)));
        }
    }

    /// The least median of rounds of turns, of which there are more as long as each is faster than the one before by a tenth: code is being compiled.
    private static double millis(RunConfig config, int[] shape, Kernels kernels) {
        var blank = new Blank(shape, Classes.of(config));
        var marginals = config.generator().init().outputBias() == Choice.OutputBias.DATA_MARGINALS ? filled(blank.features()) : new double[0];
        var game = new PlainGame(config, blank, marginals, kernels);
        long begun = System.nanoTime();
        double before = Double.POSITIVE_INFINITY;
        double now = median(game);
        while (now < FASTER * before && System.nanoTime() - begun < LONGEST) {
            before = now;
            now = median(game);
        }
        return Math.min(before, now) / 1e6;
    }

    private static double[] filled(int features) {
        var half = new double[features];
        Arrays.fill(half, 0.5);
        return half;
    }

    /// Of turns for a second, at least three, in nanoseconds.
    private static double median(PlainGame game) {
        var nanos = new long[MOST_TURNS];
        int turns = 0;
        for (long begun = System.nanoTime(), now = begun; turns < MOST_TURNS && (turns < LEAST_TURNS || now - begun < SECOND); turns++) {
            long start = System.nanoTime();
            game.play(1);
            now = System.nanoTime();
            nanos[turns] = now - start;
        }
        Arrays.sort(nanos, 0, turns);
        return nanos[turns / 2];
    }

    static String bytes(double bytes) {
        String[] units = {"bytes", "kB", "MB", "GB", "TB"};
        int unit = 0;
        while (bytes >= 1_000 && unit < units.length - 1) {
            bytes /= 1_000;
            unit++;
        }
        return String.format(Locale.ROOT, bytes < 10 && unit > 0 ? "%.1f %s" : "%,.0f %s", bytes, units[unit]);
    }

    /// Grey samples of the data's shape and of all classes in turn, so that nothing need be downloaded to know how long a turn takes.
    private record Blank(int[] shape, int classes) implements Dataset {

        @Override
        public String name() {
            return "blank";
        }

        @Override
        public Kind kind() {
            return Kind.IMAGE;
        }

        @Override
        public long size() {
            return 1 << 16;
        }

        @Override
        public void read(long index, float[] target, int offset) {
            Arrays.fill(target, offset, offset + features(), 0.5f);
        }

        @Override
        public int label(long index) {
            return (int) (index % Math.max(1, classes));
        }
    }
}
