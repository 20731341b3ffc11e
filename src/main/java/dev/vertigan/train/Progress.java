package dev.vertigan.train;

import dev.vertigan.config.RunConfig;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// Where the run is and how fast it goes.
final class Progress {

    private static final double SMOOTHING = 0.8; // of the rate shown: the share of its past it keeps at a report
    private static final double NANOS_PER_MILLI = 1e6;

    private final int batch;
    private final double epochSize;
    private long step;
    private long batches; // minibatches of data used
    private long frontier; // the last step that was ever played, as far as anything tells
    private RunConfig config; // as edited so far
    private long reportedStep;
    private long reportedBatches;
    private long reportedNanos;
    private double turnMillis; // smoothed
    private double imagesPerSecond; // smoothed
    private final Map<Metric, Double> found = new EnumMap<>(Metric.class); // for the next report

    Progress(RunConfig config, long epochSize) {
        this.batch = config.batch();
        this.epochSize = epochSize;
        this.config = config;
    }

    long step() {
        return step;
    }

    long batches() {
        return batches;
    }

    /// The configuration as it is in the next turn.
    RunConfig config() {
        return config;
    }

    void config(RunConfig now) {
        config = now;
    }

    /// The turn after which the run ends.
    long end() {
        return config.steps() == 0 ? Long.MAX_VALUE : config.steps();
    }

    /// Turns after this one were played once, but not saved.
    void undone(long turns) {
        frontier = Math.max(frontier, step + turns);
    }

    /// Turns that were played once, not saved, and not played again yet.
    long undone() {
        return Math.max(0, frontier - step);
    }

    /// Forgets that there were later turns: the run does not play them again.
    void begunAnew() {
        frontier = step;
    }

    /// Goes to another place of the run.
    void seek(long toStep, long toBatches) {
        frontier = Math.max(frontier, step);
        step = toStep;
        batches = toBatches;
        found.clear();
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
        return (step + 1) % config.report().every() == 0;
    }

    /// Takes what was found beside the turns, for the next report.
    void found(Map<Metric, Double> values) {
        found.putAll(values);
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
        values.putAll(scheduled());
        values.putAll(found);
        found.clear();
        values.put(Metric.TURN_MILLIS, perTurn);
        values.put(Metric.IMAGES_PER_SECOND, perSecond);
        return Optional.of(new Report(step, System.currentTimeMillis(), values));
    }

    /// What was in use in the last turn of each setting that has a schedule.
    private Map<Metric, Double> scheduled() {
        var values = new EnumMap<Metric, Double>(Metric.class);
        Map.of(Metric.RATE_D, config.discriminator().optimiser().rate(), Metric.RATE_G, config.generator().optimiser().rate(),
                Metric.R1, config.game().penalty().r1(), Metric.R2, config.game().penalty().r2(), Metric.GP, config.game().penalty().gp(),
                Metric.INSTANCE_NOISE, config.game().instanceNoise(), Metric.EMA_HALF_LIFE, config.emaHalfLife())
                .forEach((metric, schedule) -> {
                    if (!schedule.isConstant()) {
                        values.put(metric, schedule.at(step, batch));
                    }
                });
        return values;
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
