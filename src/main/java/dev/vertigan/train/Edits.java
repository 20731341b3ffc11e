package dev.vertigan.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.vertigan.config.ConfigLoader.Check;
import dev.vertigan.config.InvalidEdit;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.Setting;
import dev.vertigan.config.UserError;
import dev.vertigan.run.Journal;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The configuration as a function of the step, which is the fold of the journal: as the run was begun, and every edit at its step. So a run
/// resumed from an old checkpoint makes the same edits at the same steps again.
final class Edits {

    /// What settings were called in the journals of version 0.1.
    private static final Map<String, String> FORMER_NAMES = Map.of("generatorRate", "generator.optimiser.rate", "discriminatorRate",
            "discriminator.optimiser.rate", "discriminatorSteps", "game.discriminatorSteps", "reportEvery", "report.every");

    private static final String BRANCH = "game.branch";

    private final RunConfig begun;
    private Check check = (_, _) -> {};
    private final NavigableMap<Long, Map<String, JsonNode>> edits = new TreeMap<>(); // by the turns completed then: they rule the turns after

    Edits(RunConfig begun) {
        this.begun = begun;
    }

    /// Those of a journal that are in force on the way that led to its end: what was rolled back over is gone.
    ///
    /// @param now the run's `config.json`: what decides the result is as in the journal's START, if that kept it
    /// @throws UserError if an edit does not fit the configuration
    static Edits of(RunConfig now, List<Journal.Entry> journal) {
        var begun = Origin.begun(journal);
        var edits = new Edits(begun.map(config -> now.withAny(config.changesFrom(now))).orElse(now));
        var written = begun;
        for (var entry : journal) {
            switch (entry.kind()) {
                case EDIT -> edits.add(entry.step(), read(entry));
                case ROLLBACK -> entry.branch().ifPresentOrElse(branch -> edits.branch(entry.step(), branch), () -> edits.rollBack(entry.step()));
                case RESUME -> { // as earlier versions kept what `--accept-changes` accepted; now it is an EDIT too
                    var accepted = Origin.config(entry);
                    if (accepted.isPresent()) {
                        edits.add(entry.step(), accepted.get().changesFrom(written.orElse(accepted.get())));
                        written = accepted;
                    }
                }
                default -> {}
            }
        }
        try {
            edits.after(Long.MAX_VALUE);
        } catch (InvalidEdit e) {
            throw new UserError(String.format(Locale.ROOT, "journal.jsonl: expected edits that fit the configuration, found%n  %s%n"
                    + "Resume with the version that made them.", String.join("\n  ", e.problems())), e);
        }
        return edits;
    }

    private static Map<String, JsonNode> read(Journal.Entry entry) {
        var assignments = new TreeMap<String, JsonNode>();
        entry.details().properties().forEach(property -> {
            String path = FORMER_NAMES.get(property.getKey());
            if (path == null) {
                assignments.put(property.getKey(), property.getValue());
            } else {
                assignments.put(path, DecimalNode.valueOf(new BigDecimal(property.getValue().asText())));
            }
        });
        return assignments;
    }

    /// These edits; from now on one must satisfy a further check to be made.
    Edits requiring(Check further) {
        check = further;
        return this;
    }

    /// @throws InvalidEdit if an edit after `step` turns would not fit
    void require(long step, Map<String, JsonNode> assignments) {
        after(step).with(assignments, check);
    }

    /// Adds an edit that fits, as [RunConfig#withAny] says. Of one step, the later edit of a setting wins.
    void add(long step, Map<String, JsonNode> assignments) {
        edits.computeIfAbsent(step, _ -> new TreeMap<>()).putAll(assignments);
    }

    /// Forgets what was edited after `step`, for a run that goes back there to do otherwise.
    void rollBack(long step) {
        edits.tailMap(step, false).clear();
    }

    /// Begins a branch at a checkpoint. What was edited since that was saved is gone, but not what no rollback may change: how far the run goes,
    /// what is kept of it and shown, and settings that its players were built by.
    void branch(long step, int branch) {
        var since = edits.tailMap(step, true);
        var kept = new TreeMap<String, JsonNode>();
        since.values().forEach(kept::putAll);
        kept.keySet().removeIf(path -> Setting.at(path).filter(setting -> setting.live() && setting.decidesResult()).isPresent());
        kept.put(BRANCH, IntNode.valueOf(branch));
        since.clear();
        edits.put(step, kept);
    }

    /// Whether both make the same of every turn up to `step`.
    boolean agreesUpTo(long step, Edits other) {
        return begun.equals(other.begun) && edits.headMap(step).equals(other.edits.headMap(step));
    }

    /// Whether some edit takes force when `step` turns are done.
    boolean at(long step) {
        return edits.containsKey(step);
    }

    /// What rules the turn after `step`.
    RunConfig after(long step) {
        var config = begun;
        for (var assignments : edits.headMap(step, true).values()) {
            config = config.withAny(assignments);
        }
        return config;
    }
}
