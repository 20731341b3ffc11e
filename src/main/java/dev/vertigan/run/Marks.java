package dev.vertigan.run;

import dev.vertigan.run.Retention.Reason;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a journal says of the steps whose checkpoints are worth more than others.
final class Marks {

    private final Map<Long, Reason> marks = new TreeMap<>();
    private Optional<Long> best = Optional.empty();

    /// Takes the next entry.
    void take(Journal.Entry entry) {
        switch (entry.kind()) {
            case EDIT -> mark(entry.step(), Reason.BEFORE_EDIT);
            case ROLLBACK -> {
                if (entry.branch().isPresent()) {
                    marks.keySet().removeIf(step -> step > entry.step());
                    best = best.filter(step -> step <= entry.step());
                }
                mark(entry.step(), Reason.BRANCH);
            }
            case ORIGIN -> {
                if (entry.step() > 0) { // a fork's
                    mark(entry.step(), Reason.BRANCH);
                }
            }
            case BOOKMARK -> mark(entry.step(), Reason.BOOKMARK);
            case BEST -> {
                best.filter(step -> marks.get(step) == Reason.BEST).ifPresent(marks::remove);
                best = Optional.of(entry.step());
                mark(entry.step(), Reason.BEST);
            }
            default -> {}
        }
    }

    /// The weightier reason stays.
    private void mark(long step, Reason reason) {
        marks.merge(step, reason, (one, other) -> one.compareTo(other) <= 0 ? one : other);
    }

    /// Reasons by step.
    Map<Long, Reason> all() {
        return Collections.unmodifiableMap(marks);
    }
}
