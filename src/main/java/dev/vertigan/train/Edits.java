package dev.vertigan.train;

import dev.vertigan.values.Command.Edit;
import dev.vertigan.values.Settings;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Settings as a function of the step: the first ones, and every edit at its step. So a run resumed from an old checkpoint makes
/// the same edits at the same steps again.
final class Edits {

    private final Settings first;
    private final NavigableMap<Long, Edit> edits = new TreeMap<>(); // by the turns completed when it was made: it rules the turns after

    /// @param step turns completed when it was made
    record Dated(long step, Edit edit) {}

    /// @param journalled in the order they were made
    Edits(Settings first, List<Dated> journalled) {
        this.first = first;
        journalled.forEach(dated -> add(dated.step, dated.edit));
    }

    /// Of one step, the later edit wins.
    void add(long step, Edit edit) {
        edits.merge(step, edit, Edits::together);
    }

    private static Edit together(Edit earlier, Edit later) {
        return new Edit(later.rateG().or(earlier::rateG), later.rateD().or(earlier::rateD),
                later.discriminatorSteps().or(earlier::discriminatorSteps), later.reportEvery().or(earlier::reportEvery));
    }

    /// Forgets what was edited after `step`, for a run that goes back there to do otherwise.
    void rollBack(long step) {
        edits.tailMap(step, false).clear();
    }

    /// Whether some edit takes force when `step` turns are done.
    boolean at(long step) {
        return edits.containsKey(step);
    }

    /// What rules the turn after `step`.
    Settings after(long step) {
        var settings = first;
        for (var edit : edits.headMap(step, true).values()) {
            settings = apply(settings, edit);
        }
        return settings;
    }

    private static Settings apply(Settings settings, Edit edit) {
        return new Settings(edit.rateG().orElse(settings.rateG()), edit.rateD().orElse(settings.rateD()),
                edit.discriminatorSteps().orElse(settings.discriminatorSteps()), edit.reportEvery().orElse(settings.reportEvery()));
    }

    /// An edit as the journal has it.
    static Map<String, String> toDetails(Edit edit) {
        var details = new TreeMap<String, String>();
        edit.rateG().ifPresent(rate -> details.put("generatorRate", Double.toString(rate)));
        edit.rateD().ifPresent(rate -> details.put("discriminatorRate", Double.toString(rate)));
        edit.discriminatorSteps().ifPresent(k -> details.put("discriminatorSteps", Integer.toString(k)));
        edit.reportEvery().ifPresent(turns -> details.put("reportEvery", Integer.toString(turns)));
        return details;
    }

    /// Reads what [#toDetails] wrote.
    static Edit fromDetails(Map<String, String> details) {
        return new Edit(Optional.ofNullable(details.get("generatorRate")).map(Double::valueOf),
                Optional.ofNullable(details.get("discriminatorRate")).map(Double::valueOf),
                Optional.ofNullable(details.get("discriminatorSteps")).map(Integer::valueOf),
                Optional.ofNullable(details.get("reportEvery")).map(Integer::valueOf));
    }
}
