package dev.vertigan.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.values.Report;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/// All runs in the folder that this one is in. Asked on worker threads, several at once, so it must be thread-safe; it reads files.
public interface Runs {

    /// By name.
    List<Run> list();

    /// Notes something about a run.
    ///
    /// @return whether there is such a run
    boolean note(String name, List<String> tags, String note);

    /// Reports of a run, if there is such a run.
    Optional<History> history(String name);

    /// The pictures kept of a run, if there is such a run.
    Optional<Samples> samples(String name);

    /// The checkpoints of a run by step, if there is such a run.
    Optional<SortedMap<Long, Path>> checkpoints(String name);

    /// Gives a run that nobody plays another name.
    ///
    /// @throws UserError if that cannot be done
    void rename(String name, String to);

    /// Deletes a run that nobody plays, with all that is in its folder, and data that were sent for it if no other run learns them.
    ///
    /// @throws UserError if that cannot be done
    void delete(String name);

    /// What a run can be begun from, in an order for people.
    List<Preset> presets();

    /// A picture of a preset's data, PNG, if they are on the disk.
    Optional<byte[]> thumbnail(String preset);

    /// Makes a run that is ready to be played.
    ///
    /// @param settings those that it has otherwise than the preset, by path
    /// @param data the set of files in [#data()] that it is to learn, if they are one's own
    /// @throws UserError if it cannot be, with every problem, one a line
    void begin(String name, String preset, Map<String, JsonNode> settings, Optional<String> data);

    /// Where data of one's own are put, a folder for each set.
    Path data();

    /// @param data the data set's name
    record Preset(String name, String data, String objective) {}

    /// @param current whether it is the one that this dashboard shows
    /// @param data the data set's name
    /// @param kind what its samples are
    /// @param columns what the coordinates of points are called, if they have names
    /// @param step of its newest checkpoint
    /// @param begun when, milliseconds since the epoch
    /// @param last when its journal was last written, milliseconds since the epoch
    /// @param state how its journal ends: `finish`, `stop`, `edit` …
    /// @param figures its last report
    record Run(String name, boolean current, String data, Dataset.Kind kind, List<String> columns, String objective, long seed, String preset,
            long steps,
            Optional<Long> step, long begun,
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

            @Override
            public Optional<History> history(String name) {
                return Optional.empty();
            }

            @Override
            public Optional<Samples> samples(String name) {
                return Optional.empty();
            }

            @Override
            public Optional<SortedMap<Long, Path>> checkpoints(String name) {
                return Optional.empty();
            }

            @Override
            public void rename(String name, String to) {
                throw new UserError(name + ": no such run");
            }

            @Override
            public void delete(String name) {
                throw new UserError(name + ": no such run");
            }

            @Override
            public List<Preset> presets() {
                return List.of();
            }

            @Override
            public Optional<byte[]> thumbnail(String preset) {
                return Optional.empty();
            }

            @Override
            public void begin(String name, String preset, Map<String, JsonNode> settings, Optional<String> data) {
                throw new UserError(preset + ": no such preset");
            }

            @Override
            public Path data() {
                return Path.of(".data");
            }
        };
    }
}
