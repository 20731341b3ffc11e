package dev.vertigan.cli;

import dev.vertigan.dashboard.Samples;
import dev.vertigan.run.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The pictures kept in a run's folder, for the dashboard's time slider.
record FolderSamples(RunFolder folder) implements Samples {

    @Override
    public List<Long> steps() {
        return folder.samples().entrySet().stream().filter(sample -> sample.getValue().toString().endsWith(".png")).map(Map.Entry::getKey)
                .toList();
    }

    @Override
    public Optional<byte[]> png(long step) {
        var file = folder.samples().get(step);
        if (file == null || !file.toString().endsWith(".png")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // taken back by a resume meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
