package dev.vertigan.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// Where a fork comes from, as its journal's ORIGIN keeps it.
///
/// @param folder the parent's when the fork was made: relative to the fork's own where both are in one folder
/// @param begun when the parent was, milliseconds since the epoch, by which it is found under another name; none in forks made by version 0.1
/// @param step turns the parent had completed
/// @param changes settings that differ from the parent's there, by path
public record Parent(String folder, OptionalLong begun, long step, Map<String, JsonNode> changes) {

    private static final String PARENT = "parent";
    private static final String BEGUN = "parentBegun";

    public Parent {
        changes = Collections.unmodifiableMap(new TreeMap<>(changes));
    }

    /// @param fork the folder that the fork will have
    public static Parent of(Path parent, Path fork, long step, Map<String, JsonNode> changes) {
        Path from = parent.toAbsolutePath().normalize();
        Path to = fork.toAbsolutePath().normalize();
        String folder = from.getParent() != null && from.getParent().equals(to.getParent()) ? "../" + from.getFileName() : from.toString();
        return new Parent(folder, OptionalLong.of(RunReader.journal(parent).getFirst().time()), step, changes);
    }

    /// A run's, if it is a fork.
    public static Optional<Parent> in(List<Journal.Entry> journal) {
        return journal.stream().filter(entry -> entry.kind() == Journal.Kind.ORIGIN && entry.details().has(PARENT)).findFirst().map(entry -> {
            var details = entry.details();
            var changes = new TreeMap<String, JsonNode>();
            details.path("settings").properties().forEach(change -> changes.put(change.getKey(), change.getValue()));
            var begun = details.has(BEGUN) ? OptionalLong.of(details.get(BEGUN).asLong()) : OptionalLong.empty();
            return new Parent(details.path(PARENT).asText(), begun, entry.step(), changes);
        });
    }

    /// Where the parent is now, for it may have been renamed: among the runs beside the fork it is known by when it was begun.
    public Path now(Path fork) {
        var beside = new TreeMap<Path, List<Journal.Entry>>();
        try (var folders = Files.list(Optional.ofNullable(fork.getParent()).orElse(Path.of("")))) {
            for (var path : folders.toList()) {
                RunReader.journalIfAny(path).ifPresent(journal -> beside.put(path, journal));
            }
        } catch (IOException unreadable) {
            return then(fork);
        }
        return now(fork, beside);
    }

    /// The same where the journals are known.
    public Path now(Path fork, Map<Path, List<Journal.Entry>> beside) {
        Path then = then(fork);
        var itself = beside.entrySet().stream().filter(run -> begun.equals(OptionalLong.of(run.getValue().getFirst().time()))).map(Map.Entry::getKey)
                .toList();
        return itself.isEmpty() || itself.contains(then) ? then : itself.getFirst(); // a copy has its time too
    }

    private Path then(Path fork) {
        return fork.resolve(folder).normalize();
    }

    /// The details of the ORIGIN.
    public ObjectNode details() {
        var details = JsonNodeFactory.instance.objectNode().put(PARENT, folder);
        begun.ifPresent(time -> details.put(BEGUN, time));
        details.putObject("settings").setAll(changes);
        return details;
    }
}
