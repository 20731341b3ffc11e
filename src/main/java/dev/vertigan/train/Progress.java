package dev.vertigan.train;

import dev.vertigan.config.RunConfig;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import dev.vertigan.values.Settings;
import java.util.EnumMap;
import java.util.Optional;

/// Where the run is and how fast it goes.
final class Progress {

    private static final double SMOOTHING = 0.8; // of the rate shown: the share of its past it keeps at a report
    private static final double NANOS_PER_MILLI = 1e6;

    private final int batch;
    private final double epochSize;
    private long step;
    private long batches; // minibatches of data used
    private Settings settings;
    private long reportedStep;
    private long reportedBatches;
    private long reportedNanos;
    private double turnMillis; // smoothed
    private double imagesPerSecond; // smoothed

    Progress(int batch, long epochSize, Settings settings) {
        this.batch = batch;
        this.epochSize = epochSize;
        this.settings = settings;
    }

    long step() {
        return step;
    }

    long batches() {
        return batches;
    }

    Settings settings() {
        return settings;
    }

    void settings(Settings now) {
        settings = now;
    }

    /// Goes to another place of the run.
    void seek(long toStep, long toBatches) {
        step = toStep;
        batches = toBatches;
        pause();
    }

    /// Time spent at rest is no turn's.
    void pause() {
        reportedStep = step;
        reportedBatches = batches;
        reportedNanos = System.nanoTime();
    }

    /// Whether a report follows the next turn.
    boolean reportDue() {
        return (step + 1) % settings.reportEvery() == 0;
    }

    /// The configuration with the settings as they are now.
    RunConfig in(RunConfig config) {
        var game = config.game();
        return new RunConfig(config.seed(), config.steps(), config.batch(), config.shards(), config.data(), config.latent(),
                at(settings.rateG(), config.generator()), at(settings.rateD(), config.discriminator()), config.emaDecay(),
                new RunConfig.Game(game.objective(), game.schedule(), settings.discriminatorSteps(), game.realLabel(), game.instanceNoise(),
                        game.penalty()),
                config.report(), config.samples(), config.checkpoint(), config.compute(), config.dashboard(), config.metrics(), config.log(),
                config.webhook());
    }

    private static RunConfig.Player at(double rate, RunConfig.Player player) {
        var o = player.optimiser();
        return new RunConfig.Player(player.layers(), player.init(), new RunConfig.Optimiser(o.name(), rate, o.rateDecay(), o.minRate(),
                o.momentum(), o.finalMomentum(), o.momentumEpochs(), o.beta1(), o.beta2(), o.epsilon()));
    }

    /// Counts a turn, and reports on it if one is due.
    Optional<Report> played(Turns.Turn turn) {
        boolean due = reportDue();
        step++;
        batches += turn.minibatches();
        if (!due) {
            return Optional.empty();
        }
        long now = System.nanoTime();
        double millis = (now - reportedNanos) / NANOS_PER_MILLI;
        double perTurn = millis / (step - reportedStep);
        double perSecond = (batches - reportedBatches) * batch / millis * 1_000;
        turnMillis = turnMillis == 0 ? perTurn : SMOOTHING * turnMillis + (1 - SMOOTHING) * perTurn;
        imagesPerSecond = imagesPerSecond == 0 ? perSecond : SMOOTHING * imagesPerSecond + (1 - SMOOTHING) * perSecond;
        pause();
        var values = new EnumMap<Metric, Double>(Metric.class);
        values.putAll(turn.measured());
        values.put(Metric.TURN_MILLIS, perTurn);
        values.put(Metric.IMAGES_PER_SECOND, perSecond);
        return Optional.of(new Report(step, System.currentTimeMillis(), values));
    }

    /// Passes over the data so far.
    double epoch() {
        return batches * batch / epochSize;
    }

    double imagesPerSecond() {
        return imagesPerSecond;
    }

    /// Estimated seconds to a step, if anything is known yet.
    Optional<Double> secondsTo(long end) {
        return turnMillis == 0 ? Optional.empty() : Optional.of((end - step) * turnMillis / 1_000);
    }
}
