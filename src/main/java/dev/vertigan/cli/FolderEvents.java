package dev.vertigan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vertigan.dashboard.Events;
import dev.vertigan.run.Journal;
import dev.vertigan.run.RunFolder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// The journal in a run's folder, for the dashboard.
record FolderEvents(RunFolder folder) implements Events {

    @Override
    public List<Event> newest(int limit) {
        var entries = folder.journal().entries();
        return entries.subList(Math.max(0, entries.size() - limit), entries.size()).stream().map(FolderEvents::event).toList();
    }

    /// Where the run comes from names files of this machine, which are nobody's concern.
    private static Event event(Journal.Entry entry) {
        var details = new TreeMap<String, JsonNode>();
        if (entry.kind() == Journal.Kind.EDIT) {
            entry.details().properties().forEach(property -> details.put(property.getKey(), property.getValue()));
        }
        return new Event(entry.step(), entry.time(), entry.kind().name().toLowerCase(Locale.ROOT), Map.copyOf(details));
    }
}
