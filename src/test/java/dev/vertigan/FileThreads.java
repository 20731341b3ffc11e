package dev.vertigan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/// Which threads read and write the files of a folder, as the JVM's flight recorder sees it.
public final class FileThreads implements AutoCloseable {

    private static final String EVENT_LOOP = "vert.x-eventloop";

    private final Path folder;
    private final Recording recording = new Recording();

    public FileThreads(Path folder) {
        this.folder = folder;
        for (var event : List.of("jdk.FileRead", "jdk.FileWrite", "jdk.FileForce")) {
            recording.enable(event).withThreshold(Duration.ZERO).withStackTrace();
        }
        recording.start();
    }

    /// Fails if an event loop had to wait for the disk.
    public void requireNoEventLoop() throws IOException {
        recording.stop();
        Path dump = Files.createTempFile("files", ".jfr");
        try {
            recording.dump(dump);
            Set<String> found = new TreeSet<>();
            for (var event : RecordingFile.readAllEvents(dump)) {
                String path = event.getString("path");
                if (path != null && Path.of(path).startsWith(folder) && event.getThread().getJavaName().startsWith(EVENT_LOOP)) {
                    found.add(event.getEventType().getName() + " " + folder.relativize(Path.of(path)) + " by " + callers(event));
                }
            }
            assertEquals(Set.of(), found);
        } finally {
            Files.delete(dump);
        }
    }

    private static String callers(RecordedEvent event) {
        return event.getStackTrace().getFrames().stream().map(frame -> frame.getMethod().getType().getName() + "." + frame.getMethod().getName())
                .filter(name -> name.startsWith("dev.vertigan.")).limit(4).collect(Collectors.joining(" < "));
    }

    @Override
    public void close() {
        recording.close();
    }
}
