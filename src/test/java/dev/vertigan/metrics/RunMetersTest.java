package dev.vertigan.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.run.Checkpoint;
import dev.vertigan.run.Journal;
import dev.vertigan.run.Retention;
import dev.vertigan.run.RunFolder;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunMetersTest {

    @TempDir
    private Path path;
    private RunFolder folder;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void register() {
        folder = RunFolder.create(path.resolve("run"), "{}");
        RunMeters.register(registry, folder);
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private double events(String kind) {
        return registry.get("vertigan.events").tag("kind", kind).functionCounter().count();
    }

    @Test
    void aCheckpointIsSeenAsSoonAsItIsVerified() throws IOException {
        assertTrue(Double.isNaN(gauge("vertigan.checkpoint.timestamp")) && Double.isNaN(gauge("vertigan.checkpoint.size")));
        var written = folder.checkpoints().write(new Checkpoint(7, new TreeMap<>(), Map.of()), new Retention(2, 1), Map.of());
        assertEquals(Files.size(written.file()), gauge("vertigan.checkpoint.size"));
        assertEquals(Files.getLastModifiedTime(written.file()).toMillis(), gauge("vertigan.checkpoint.timestamp") * 1e3, 0.5);
        Files.delete(written.file());
        assertTrue(Double.isNaN(gauge("vertigan.checkpoint.timestamp")), "what is gone has no age");
    }

    @Test
    void theDiskAndTheFolderHaveSizes() throws IOException {
        assertEquals(Files.getFileStore(path).getTotalSpace(), gauge("vertigan.disk.size"));
        assertTrue(gauge("vertigan.disk.free") > 0 && gauge("vertigan.disk.free") <= gauge("vertigan.disk.size"));
        assertTrue(gauge("vertigan.run.size") >= Files.size(folder.path().resolve("config.json")));
    }

    @Test
    void theRunSaysWhatItIs() {
        folder.journal().append(0, Journal.Kind.ORIGIN, JsonNodeFactory.instance.objectNode().put("preset", "ring"));
        var config = new ConfigLoader().load("ring-2014", Optional.empty(), List.of());
        RunMeters.describe(registry, folder, config, "simd", "http://127.0.0.1:8080");
        var tags = registry.get("vertigan.run.info").gauge().getId().getTags().stream().collect(Collectors.toMap(Tag::getKey, Tag::getValue));
        assertEquals(Map.of("preset", "ring", "data", "ring", "kernels", "simd", "seed", "1", "config_hash", config.hash(), "page",
                "http://127.0.0.1:8080"), tags);
    }

    @Test
    void eventsAreCountedThroughAllProcessesOfARun() {
        folder.journal().append(0, Journal.Kind.START);
        folder.journal().append(3, Journal.Kind.EDIT);
        folder.journal().append(4, Journal.Kind.EDIT);
        assertEquals(2, events("edit"));
        folder.close();
        try (var again = RunFolder.open(folder.path())) {
            var later = new SimpleMeterRegistry();
            RunMeters.register(later, again);
            again.journal().append(5, Journal.Kind.EDIT);
            assertEquals(3, later.get("vertigan.events").tag("kind", "edit").functionCounter().count());
            assertEquals(1, later.get("vertigan.events").tag("kind", "start").functionCounter().count());
            assertEquals(0, later.get("vertigan.events").tag("kind", "failure").functionCounter().count());
        }
    }
}
