package dev.vertigan.evaluation;

import dev.vertigan.values.Finding;
import dev.vertigan.values.Finding.Kind;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Finds in the reports of a run what has gone wrong with its game. Each finding is told once, and again only after it had passed.
/// Not thread-safe.
public final class Detectors {

    /// Fewer modes than this share of the most there ever were are a loss; told at the second evaluation in a row.
    static final double KEPT = 0.75;

    /// Reports in a row that scores must stay so.
    static final int REPORTS = 50;

    /// Turns that they must span, as some runs report each turn.
    static final long TURNS = 2_000;

    /// D(x) − D(G(z)) from which on D overpowers.
    static final double OVERPOWERING = 0.95;

    /// The gap below which D tells nothing apart.
    static final double EVEN = 0.02;

    /// Turns without an improvement that are a plateau.
    static final long PLATEAU = 20_000;

    /// What D(x) − D(G(z)) must swing by to either side for an oscillation.
    static final double SWING = 0.05;

    /// The means of so many reports are looked at, too, to see longer periods.
    private static final List<Integer> GROUPS = List.of(1, 4, 16);

    /// Periods that it must last for after it was first seen, which takes [Oscillation#WINDOW] values.
    private static final double LASTING = 2;

    /// The share of a period that it may change by and be the same.
    private static final double SAME_PERIOD = 0.2;

    /// Samples that are this much nearer to training samples than held-out reals are copies; told at the second evaluation in a row.
    static final double COPIED = 0.5;

    /// Less is no improvement.
    static final double IMPROVEMENT = 0.01;

    private final int modes; // of the data; 0 = not known
    private final Map<Kind, Finding> standing = new LinkedHashMap<>(); // told and not over
    private final Map<Metric, Double> best = new EnumMap<>(Metric.class);
    private long last = -1; // step of the newest report
    private final NavigableMap<Long, Double> mostModes = new TreeMap<>(); // there ever were, by the step from which on
    private long lastGood; // step of the newest evaluation whose samples had enough modes
    private long fewSince = -1; // the evaluation that first had too few
    private boolean good; // at least half of the samples, by the newest evaluation
    private boolean evaluated;
    private final Stretch wide = new Stretch();
    private final Stretch even = new Stretch();
    private final List<Oscillation> oscillations = GROUPS.stream().map(group -> new Oscillation(SWING, group)).toList();
    private OptionalDouble swings = OptionalDouble.empty(); // the period in turns, by the report before
    private long swingsSince; // the first report that had about this period
    private long reportEvery; // turns between the two newest reports with scores
    private long scored = -1; // step of the newest of them
    private long improved = -1; // the last time
    private long looked = -1; // step of the newest report with a figure of quality
    private double near = Double.NaN; // the nearness by the evaluation before

    /// Reports in a row of which something holds.
    private static final class Stretch {

        private int reports;
        private long begin;

        /// Whether it has held long enough.
        boolean see(boolean holds, long step) {
            if (!holds) {
                reports = 0;
            } else if (reports++ == 0) {
                begin = step;
            }
            return reports >= REPORTS && step - begin >= TURNS;
        }
    }

    /// @param modes that the data have; 0 = not known
    public Detectors(int modes) {
        this.modes = modes;
    }

    /// What was found and has not passed.
    public List<Finding> standing() {
        return List.copyOf(standing.values());
    }

    /// The step of the newest evaluation whose samples had enough modes.
    public long lastGood() {
        return lastGood;
    }

    /// The run is at a step again that it has left before. Of what came after nothing is known but how many modes the samples had up to there;
    /// should they be lost again before they were seen anew, the run was at fault there already.
    public void wentBack(long step) {
        reset();
        mostModes.tailMap(step, false).clear();
        lastGood = Math.max(0, step - 1);
    }

    /// Looks at the next report; one of an earlier step begins anew, as the run went back.
    ///
    /// @return what is found now and was not standing already
    public List<Finding> see(Report report) {
        if (report.step() <= last) {
            wentBack(report.step());
        }
        last = report.step();
        var found = new ArrayList<Finding>();
        scores(report, found);
        report.value(Metric.MODES).ifPresent(count -> modes(report, count, found));
        report.value(Metric.NEARNESS).ifPresent(nearness -> memory(report.step(), nearness, found));
        plateau(report, found);
        return found;
    }

    private void reset() {
        standing.clear();
        best.clear();
        last = -1;
        scored = -1;
        oscillations.forEach(Oscillation::reset);
        swings = OptionalDouble.empty();
        fewSince = -1;
        improved = -1;
        looked = -1;
        near = Double.NaN;
        evaluated = false;
        good = false;
        wide.see(false, 0);
        even.see(false, 0);
    }

    /// @param message written only if it is told: to write it costs more than to look at a report
    private void tell(boolean holds, Kind kind, long step, Supplier<String> message, String advice, List<Finding> found) {
        if (!holds) {
            standing.remove(kind);
        } else if (!standing.containsKey(kind)) {
            var finding = new Finding(kind, step, message.get(), advice);
            standing.put(kind, finding);
            found.add(finding);
        }
    }

    private void modes(Report report, double count, List<Finding> found) {
        long step = (long) report.value(Metric.EVALUATED_STEP).orElse(report.step());
        double most = mostModes.isEmpty() ? 0 : mostModes.lastEntry().getValue();
        if (good && count > most) { // a sample or two near a mode, early on, are not that mode
            mostModes.put(step, count);
            most = count;
        }
        boolean few = count < KEPT * most;
        boolean again = few && fewSince >= 0;
        if (!few) {
            fewSince = -1;
            lastGood = step;
        } else if (fewSince < 0) {
            fewSince = step;
        }
        double before = most;
        tell(again || few && standing.containsKey(Kind.MODES_LOST), Kind.MODES_LOST, report.step(), () -> {
            String of = modes > 0 ? String.format(Locale.ROOT, "%,d", modes) : String.format(Locale.ROOT, "%,.0f that there were", before);
            return String.format(Locale.ROOT, "Helvetica scenario: %,.0f of %s modes since turn %,d", count, of, fewSince);
        },
                "fork the run from a checkpoint before that turn with a lower rate for G, or with game.objective relativistic and game.penalty.r1",
                found);
    }

    private void memory(long step, double nearness, List<Finding> found) {
        tell(nearness < COPIED && near < COPIED, Kind.MEMORISATION, step,
                () -> String.format(Locale.ROOT, "memorisation: samples are %.2f times as far from the nearest training sample as held-out ones are",
                        nearness),
                "take more data, stop at an earlier checkpoint, or make G and D smaller", found);
        near = nearness;
    }

    private void scores(Report report, List<Finding> found) {
        for (var share : List.of(Metric.HIGH_QUALITY, Metric.CONFIDENT)) {
            report.value(share).ifPresent(value -> {
                evaluated = true;
                good = value >= 0.5;
            });
        }
        if (report.value(Metric.SCORE_REAL).isEmpty() || report.value(Metric.SCORE_FAKE).isEmpty()) {
            return;
        }
        double gap = report.value(Metric.SCORE_REAL).getAsDouble() - report.value(Metric.SCORE_FAKE).getAsDouble();
        tell(wide.see(gap > OVERPOWERING, report.step()), Kind.DISCRIMINATOR_OVERPOWERS, report.step(),
                () -> String.format(Locale.ROOT, "the discriminator overpowers: D(x) − D(G(z)) has been above %.2f since turn %,d", OVERPOWERING,
                        wide.begin),
                "lower discriminator.optimiser.rate, or add game.instanceNoise or game.penalty.r1", found);
        boolean held = even.see(Math.abs(gap) < EVEN, report.step());
        tell(held && evaluated && !good && looked - improved >= TURNS, Kind.DISCRIMINATOR_IGNORANT, report.step(),
                () -> String.format(Locale.ROOT,
                        "the discriminator tells nothing apart since turn %,d, fewer than half of the samples are good, and they get no better",
                        even.begin),
                "raise discriminator.optimiser.rate or game.discriminatorSteps, or give it more units", found);
        swings(report.step(), gap, found);
    }

    private void swings(long step, double gap, List<Finding> found) {
        if (scored >= 0 && step - scored != reportEvery) {
            oscillations.forEach(Oscillation::reset); // a period must be that of evenly spaced values
        }
        reportEvery = scored < 0 ? reportEvery : step - scored;
        scored = step;
        var period = OptionalDouble.empty();
        for (var oscillation : oscillations) {
            var reports = oscillation.see(gap);
            period = period.isPresent() || reports.isEmpty() ? period : OptionalDouble.of(reports.getAsDouble() * reportEvery);
        }
        double now = period.orElse(0);
        if (period.isEmpty() || swings.isEmpty() || Math.abs(now - swings.getAsDouble()) > SAME_PERIOD * now) {
            swingsSince = step;
        }
        swings = period;
        if (period.isEmpty() && standing.containsKey(Kind.OSCILLATION)) {
            oscillations.forEach(Oscillation::reset); // what has been told and passed is not told again by a wider look at the same reports
        }
        tell(period.isPresent() && (standing.containsKey(Kind.OSCILLATION) || step - swingsSince >= LASTING * now), Kind.OSCILLATION, step,
                () -> String.format(Locale.ROOT, "the players chase each other: D(x) − D(G(z)) swings with a period of %,.0f turns", now),
                "lower both rates or the optimisers' momentum (beta1), add game.penalty.r1, or raise emaHalfLife", found);
    }

    private void plateau(Report report, List<Finding> found) {
        boolean better = false;
        boolean any = false;
        for (var metric : report.values().keySet()) {
            if (!metric.ofQuality()) {
                continue;
            }
            any = true;
            double value = report.value(metric).orElseThrow();
            var before = best.get(metric);
            boolean gain = before == null || metric.better(value, before * (metric.better(0, 1) ? 1 - IMPROVEMENT : 1 + IMPROVEMENT));
            if (gain) {
                best.put(metric, value);
                better = true;
            }
        }
        if (better) {
            improved = report.step();
        }
        if (any) {
            looked = report.step();
            tell(report.step() - improved >= PLATEAU, Kind.PLATEAU, report.step(),
                    () -> String.format(Locale.ROOT, "nothing that is measured of the samples has improved for %,d turns, since turn %,d",
                            report.step() - improved, improved),
                    "lower both rates, or stop", found);
        }
    }
}
