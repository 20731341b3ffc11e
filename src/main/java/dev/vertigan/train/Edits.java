package dev.vertigan.train;

import dev.vertigan.bus.Command.Edit;
import dev.vertigan.bus.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Settings as a function of the step: the first ones, and every edit at its step. So a run resumed from an old checkpoint makes
/// the same edits at the same steps again.
final class Edits {

    private final Settings first;
    private final List<Dated> edits = new ArrayList<>();

    /// @param step turns completed when it was made: it rules the turns after
    record Dated(long step, Edit edit) {}

    Edits(Settings first, List<Dated> journalled) {
        this.first = first;
        edits.addAll(journalled);
        edits.sort(Comparator.comparingLong(Dated::step)); // stable: of one step, the later edit wins
    }

    void add(long step, Edit edit) {
        edits.add(new Dated(step, edit));
        edits.sort(Comparator.comparingLong(Dated::step));
    }

    /// Forgets what was edited after `step`, for a run that goes back there to do otherwise.
    void rollBack(long step) {
        edits.removeIf(edit -> edit.step > step);
    }

    /// Whether some edit takes force when `step` turns are done.
    boolean at(long step) {
        for (var edit : edits) {
            if (edit.step == step) {
                return true;
            }
        }
        return false;
    }

    /// What rules the turn after `step`.
    Settings after(long step) {
        var settings = first;
        for (var edit : edits) {
            if (edit.step <= step) {
                settings = apply(settings, edit.edit);
            }
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
