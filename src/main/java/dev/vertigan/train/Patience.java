package dev.vertigan.train;

import dev.vertigan.config.Choice;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import java.util.Locale;
import java.util.Optional;

/// Decides when a run has gone on for long enough without better samples, by the figure that the best checkpoint is kept by.
final class Patience {

    private final Optional<Metric> metric;
    private long turns;
    private double best;
    private long since; // step of the first report, or of the best

    private boolean measured;
    private long last = -1; // step of the newest report

    /// @param turns without improvement after which the run ends; 0 = it goes on
    Patience(Choice.Best best, long turns) {
        metric = BestCheckpoint.metric(best);
        this.turns = turns;
    }

    /// Changes how long it waits.
    void turns(long now) {
        turns = now;
    }

    /// Looks at the next report; one of an earlier step begins anew, as the run went back.
    ///
    /// @return why to end now, in words
    Optional<String> see(Report report) {
        if (report.step() <= last || last < 0) {
            measured = false;
            since = report.step();
        }
        last = report.step();
        var value = metric.map(report::value).filter(found -> found.isPresent() && !Double.isNaN(found.getAsDouble()));
        if (value.isPresent() && (!measured || metric.orElseThrow().better(value.get().getAsDouble(), best))) {
            best = value.get().getAsDouble();
            since = report.step();
            measured = true;
        }
        return turns > 0 && measured && report.step() - since >= turns
                ? Optional.of(String.format(Locale.ROOT, "%s has not become better than %.4g for %,d turns, since turn %,d",
                        metric.orElseThrow().column(), best, report.step() - since, since))
                : Optional.empty();
    }
}
