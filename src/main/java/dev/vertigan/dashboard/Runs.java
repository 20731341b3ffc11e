package dev.vertigan.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vertigan.values.Report;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All runs in the folder that this one is in. Asked on worker threads, several at once, so it must be thread-safe; it reads files.
public interface Runs {

    /// By name.
    List<Run> list();

    /// Notes something about a run.
    ///
    /// @return whether there is such a run
    boolean note(String name, List<String> tags, String note);

    /// @param current whether it is the one that this dashboard shows
    /// @param data the data set's name
    /// @param step of its newest checkpoint
    /// @param begun when, milliseconds since the epoch
    /// @param last when its journal was last written, milliseconds since the epoch
    /// @param state how its journal ends: `finish`, `stop`, `edit` …
    /// @param figures its last report
    record Run(String name, boolean current, String data, String objective, long seed, String preset, long steps, Optional<Long> step, long begun,
            long last, String state, Optional<Lineage> parent, Optional<Report> figures, List<String> tags, String note) {}

    /// @param name the parent's folder's
    /// @param settings those that the fork has otherwise, by path
    record Lineage(String name, long step, Map<String, JsonNode> settings) {}

    /// Of a run that is alone.
    static Runs none() {
        return new Runs() {

            @Override
            public List<Run> list() {
                return List.of();
            }

            @Override
            public boolean note(String name, List<String> tags, String note) {
                return false;
            }
        };
    }
}
