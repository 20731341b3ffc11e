package dev.vertigan.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;

/// What was noted about a run, beside it in `notes.json`: nothing that it computes depends on it.
///
/// @param tags a few words to find it by
/// @param note in free words
public record RunNotes(List<String> tags, String note) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String NAME = "notes.json";

    public RunNotes {
        tags = List.copyOf(tags);
    }

    /// Those of a run; empty ones if there are none, or they cannot be read.
    public static RunNotes read(Path run) {
        try {
            var tree = JSON.readTree(Files.readAllBytes(run.resolve(NAME)));
            return new RunNotes(StreamSupport.stream(tree.path("tags").spliterator(), false).map(tag -> tag.asText()).toList(),
                    tree.path("note").asText());
        } catch (IOException e) {
            return new RunNotes(List.of(), "");
        }
    }

    /// Writes them into a run's folder: whole, or as they were.
    ///
    /// @throws dev.vertigan.config.UserError if that cannot be done
    public void write(Path run) {
        ObjectNode tree = JSON.createObjectNode();
        tags.forEach(tree.putArray("tags")::add);
        tree.put("note", note);
        try {
            Durable.DISK.write(run.resolve(NAME), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree), Durable.ownerOnly(run));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that is not JSON", e);
        } catch (IOException e) {
            throw Failures.of(run.resolve(NAME), "a file that can be written", e);
        }
    }
}
