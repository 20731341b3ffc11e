package dev.vertigan.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// Which checkpoints a run keeps. Each has a [Reason]; those that are pinned stay whatever they take, of the others as many as the budget has
/// room for. The first to go is the one whose neighbours are nearest, so that what is left is spread evenly over the run: any step is then about
/// as far from a checkpoint as any other.
///
/// @param newest how many of the newest stay, ≥ 2
/// @param budget bytes that all checkpoints may take, pinned ones counted in
public record Retention(int newest, long budget) {

    /// As many as it stays quick to list.
    static final int MOST = 500;

    /// Why a checkpoint is kept, the weightiest first.
    public enum Reason {

        /// Resuming and going back need it.
        NEWEST,

        /// The best by a metric.
        BEST,

        /// Somebody wants it.
        BOOKMARK,

        /// A branch begins there: of a fork its first, and what a failed run went back to.
        BRANCH,

        /// The last before a setting was changed: to undo that, or to try another one.
        BEFORE_EDIT,

        /// Whatever else there is room for, so that no step is far from one.
        SPARSE
    }

    public Retention {
        if (newest < 2) {
            throw new IllegalArgumentException("newest: expected ≥ 2, found " + newest);
        }
    }

    /// No more than some of the newest.
    static Retention ofNewest(int newest) {
        return new Retention(newest, 0);
    }

    /// Why each is kept.
    ///
    /// @param marked what the journal says of some steps
    NavigableMap<Long, Reason> reasons(NavigableMap<Long, Long> bytes, Map<Long, Reason> marked) {
        var reasons = new TreeMap<Long, Reason>();
        bytes.keySet().forEach(step -> reasons.put(step, marked.getOrDefault(step, Reason.SPARSE)));
        bytes.descendingKeySet().stream().limit(newest).forEach(step -> reasons.put(step, Reason.NEWEST));
        return reasons;
    }

    /// The steps whose checkpoints are to go, in that order.
    ///
    /// @param bytes what each takes
    /// @param marked what the journal says of some steps
    List<Long> surplus(NavigableMap<Long, Long> bytes, Map<Long, Reason> marked) {
        var left = reasons(bytes, marked);
        long total = bytes.values().stream().mapToLong(Long::longValue).sum();
        var surplus = new ArrayList<Long>();
        while (total > budget || left.size() > MOST) {
            var next = leastMissed(left, Reason.SPARSE).or(() -> leastMissed(left, Reason.BEFORE_EDIT));
            if (next.isEmpty()) {
                break;
            }
            left.remove(next.get());
            surplus.add(next.get());
            total -= Objects.requireNonNull(bytes.get(next.get()));
        }
        return surplus;
    }

    private static Optional<Long> leastMissed(NavigableMap<Long, Reason> left, Reason reason) {
        Optional<Long> found = Optional.empty();
        long least = Long.MAX_VALUE;
        for (var entry : left.entrySet()) {
            Long before = left.lowerKey(entry.getKey());
            Long after = left.higherKey(entry.getKey());
            long apart = after == null ? Long.MAX_VALUE : after - (before == null ? 0 : before);
            if (entry.getValue() == reason && (found.isEmpty() || apart < least)) {
                found = Optional.of(entry.getKey());
                least = apart;
            }
        }
        return found;
    }
}
