package dev.vertigan.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.config.InvalidEdit;
import dev.vertigan.config.UserError;
import dev.vertigan.run.Checkpoint;
import dev.vertigan.run.CheckpointStore;
import dev.vertigan.run.Journal;
import dev.vertigan.run.RunFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// Where a run goes on from, as its folder has it, and what has changed since. Reading changes nothing in the folder; [#begin] does.
final class Resumption {

    private final RunFolder folder;
    private final Origin.Changes changes;
    private final Map<String, JsonNode> edit;
    private final Edits edits;
    private final CheckpointStore.Recovery recovery;

    private Resumption(RunFolder folder, Origin.Changes changes, Map<String, JsonNode> edit, Edits edits, CheckpointStore.Recovery recovery) {
        this.folder = folder;
        this.changes = changes;
        this.edit = edit;
        this.edits = edits;
        this.recovery = recovery;
    }

    /// What a run begins to play with.
    ///
    /// @param edits the configuration at each step
    /// @param undone turns that were played once and not saved, at least
    /// @param notices of what was lost and what has changed, in words
    record Begun(Edits edits, long undone, List<String> notices) {}

    /// @param origin what the run's numbers come from now
    /// @param acceptsChanges whether settings that decide the result may differ from those it was begun with
    /// @param edit live settings to change before the next turn, by path
    /// @throws UserError if the run cannot go on from what is in the folder, or may not
    static Resumption read(RunFolder folder, Origin origin, boolean acceptsChanges, Map<String, JsonNode> edit) {
        var journal = folder.journal().entries();
        var changes = origin.since(journal, acceptsChanges);
        var edits = Edits.of(origin.config(), journal);
        var recovery = folder.recover();
        long step = step(recovery);
        try {
            return new Resumption(folder, changes, news(edit, edits, step), edits, recovery);
        } catch (InvalidEdit e) {
            throw new UserError(String.valueOf(e.getMessage()), e);
        }
    }

    /// What of an edit is not in force anyway.
    private static Map<String, JsonNode> news(Map<String, JsonNode> edit, Edits edits, long step) {
        var before = edits.after(step);
        var after = before.with(edit).live();
        var news = new TreeMap<>(edit);
        news.keySet().removeIf(path -> Objects.equals(before.live().get(path), after.get(path)));
        return news;
    }

    private static long step(CheckpointStore.Recovery recovery) {
        return recovery.checkpoint().map(Checkpoint::step).orElse(0L);
    }

    /// What the players are put back to; empty if they start.
    Optional<Checkpoint> checkpoint() {
        return recovery.checkpoint();
    }

    /// Takes back what was not saved, and journals what has changed.
    Begun begin() {
        long step = step(recovery);
        boolean resumes = recovery.checkpoint().isPresent();
        long undone = folder.rewindTo(resumes ? step : -1);
        folder.journal().append(step, resumes ? Journal.Kind.RESUME : Journal.Kind.START, changes.details());
        add(step, changes.accepted());
        add(step, edit);
        return new Begun(edits, undone, notices(step, undone));
    }

    private void add(long step, Map<String, JsonNode> edit) {
        if (!edit.isEmpty()) {
            ObjectNode details = JsonNodeFactory.instance.objectNode().setAll(edit);
            folder.journal().append(step, Journal.Kind.EDIT, details);
            edits.add(step, edit);
        }
    }

    private List<String> notices(long step, long undone) {
        var found = new ArrayList<String>();
        recovery.rejected().forEach(bad -> found.add(bad.file() + ": damaged, passed over: " + bad.reason()));
        folder.journal().torn().ifPresent(line -> found.add("journal.jsonl: its last line was cut short by a crash and is dropped: '" + line + "'"));
        if (undone > 0) {
            found.add(String.format(Locale.ROOT, "at least %,d turns after step %,d were not saved; they are played again", undone, step));
        }
        if (recovery.checkpoint().isPresent()) {
            found.addAll(changes.notices());
        }
        return found;
    }
}
