package dev.vertigan.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/// What was done to the run. Asked on worker threads, several at once, so it must be thread-safe; it may read files.
@FunctionalInterface
public interface Events {

    /// The newest, oldest first.
    ///
    /// @param limit how many at most
    List<Event> newest(int limit);

    /// @param step turns completed when it happened
    /// @param time milliseconds since the epoch
    /// @param kind as the journal has it: `edit`, `stop`, `rollback` …
    /// @param details of an edit, the settings by path
    record Event(long step, long time, String kind, Map<String, JsonNode> details) {}
}
