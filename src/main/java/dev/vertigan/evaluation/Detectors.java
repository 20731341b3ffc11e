package dev.vertigan.evaluation;

import dev.vertigan.values.Finding;
import dev.vertigan.values.Finding.Kind;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

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

    /// Less is no improvement.
    static final double IMPROVEMENT = 0.01;

    private final int modes; // of the data; 0 = not known
    private final Set<Kind> standing = EnumSet.noneOf(Kind.class); // told and not over
    private final Map<Metric, Double> best = new EnumMap<>(Metric.class);
    private long last = -1; // step of the newest report
    private double mostModes;
    private long fewSince = -1; // the evaluation that first had too few
    private boolean good; // at least half of the samples, by the newest evaluation
    private boolean evaluated;
    private final Stretch wide = new Stretch();
    private final Stretch even = new Stretch();
    private long improved = -1; // the last time

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

    /// Looks at the next report; one of an earlier step begins anew, as the run went back.
    ///
    /// @return what is found now and was not standing already
    public List<Finding> see(Report report) {
        if (report.step() <= last) {
            reset();
        }
        last = report.step();
        var found = new ArrayList<Finding>();
        scores(report, found);
        report.value(Metric.MODES).ifPresent(count -> modes(report, count, found));
        plateau(report, found);
        return found;
    }

    private void reset() {
        standing.clear();
        best.clear();
        mostModes = 0;
        fewSince = -1;
        improved = -1;
        evaluated = false;
        good = false;
        wide.see(false, 0);
        even.see(false, 0);
    }

    private void tell(boolean holds, Kind kind, long step, String message, String advice, List<Finding> found) {
        if (!holds) {
            standing.remove(kind);
        } else if (standing.add(kind)) {
            found.add(new Finding(kind, step, message, advice));
        }
    }

    private void modes(Report report, double count, List<Finding> found) {
        if (good) { // a sample or two near a mode, early on, are not that mode
            mostModes = Math.max(mostModes, count);
        }
        boolean few = count < KEPT * mostModes;
        boolean again = few && fewSince >= 0;
        if (!few) {
            fewSince = -1;
        } else if (fewSince < 0) {
            fewSince = (long) report.value(Metric.EVALUATED_STEP).orElse(report.step());
        }
        String of = modes > 0 ? String.format(Locale.ROOT, "%,d", modes) : String.format(Locale.ROOT, "%,.0f that there were", mostModes);
        tell(again || few && standing.contains(Kind.MODES_LOST), Kind.MODES_LOST, report.step(),
                String.format(Locale.ROOT, "Helvetica scenario: %,.0f of %s modes since turn %,d", count, of, fewSince),
                "fork the run from a checkpoint before that turn with a lower rate for G, or with game.objective relativistic and game.penalty.r1",
                found);
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
                String.format(Locale.ROOT, "the discriminator overpowers: D(x) − D(G(z)) has been above %.2f since turn %,d", OVERPOWERING,
                        wide.begin),
                "lower discriminator.optimiser.rate, or add game.instanceNoise or game.penalty.r1", found);
        boolean held = even.see(Math.abs(gap) < EVEN, report.step());
        tell(held && evaluated && !good, Kind.DISCRIMINATOR_IGNORANT, report.step(),
                String.format(Locale.ROOT, "the discriminator tells nothing apart since turn %,d, and yet fewer than half of the samples are good",
                        even.begin),
                "raise discriminator.optimiser.rate or game.discriminatorSteps, or give it more units", found);
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
            tell(report.step() - improved >= PLATEAU, Kind.PLATEAU, report.step(),
                    String.format(Locale.ROOT, "nothing that is measured of the samples has improved for %,d turns, since turn %,d",
                            report.step() - improved, improved),
                    "lower both rates, or stop", found);
        }
    }
}
