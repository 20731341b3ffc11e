package dev.vertigan.dashboard;

import dev.vertigan.values.Report;
import java.util.List;

/// The reports made so far. Asked on worker threads, several at once, so it must be thread-safe; it may read files.
@FunctionalInterface
public interface History {

    /// The reports with a step above `after` and at most `to`, oldest first. If there are more than `limit`, they are thinned evenly to that
    /// many, and the newest is always among them.
    ///
    /// @param after turns; −1 or 0 = from the first
    /// @param limit at least 1
    List<Report> between(long after, long to, int limit);
}
