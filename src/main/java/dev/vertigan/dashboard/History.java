package dev.vertigan.dashboard;

import dev.vertigan.values.Report;
import java.util.List;

/// The reports made so far. Asked on worker threads, several at once, so it must be thread-safe; it may read files.
@FunctionalInterface
public interface History {

    /// The reports with a step above `step`, oldest first. If there are more than `limit`, they are thinned evenly to that
    /// many, and the newest is always among them.
    ///
    /// @param step turns; −1 or 0 = all
    /// @param limit at least 1
    List<Report> since(long step, int limit);
}
