package dev.vertigan.cli;

import dev.vertigan.dashboard.Samples;
import dev.vertigan.run.RunFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;

/// The pictures kept in a run's folder, for the dashboard's time slider.
record FolderSamples(RunFolder folder) implements Samples {

    @Override
    public List<Long> steps() {
        return List.copyOf(folder.sampledSteps());
    }

    @Override
    public Optional<byte[]> read(long step, String suffix) {
        var file = folder.sample(step).filter(path -> path.toString().endsWith("." + suffix));
        try {
            return file.isEmpty() ? Optional.empty() : Optional.of(Files.readAllBytes(file.get()));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // taken back by a resume meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
