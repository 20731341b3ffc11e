package dev.vertigan.cli;

import dev.vertigan.dashboard.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;

/// The pictures kept in a run's folder, for the dashboard's time slider.
///
/// @param files those there are now, by step
record FolderSamples(Supplier<SortedMap<Long, Path>> files) implements Samples {

    @Override
    public List<Long> steps() {
        return List.copyOf(files.get().keySet());
    }

    @Override
    public Optional<byte[]> read(long step, String suffix) {
        var file = Optional.ofNullable(files.get().get(step)).filter(path -> path.toString().endsWith("." + suffix));
        try {
            return file.isEmpty() ? Optional.empty() : Optional.of(Files.readAllBytes(file.get()));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // taken back by a resume meanwhile
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
