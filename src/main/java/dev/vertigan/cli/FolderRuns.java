package dev.vertigan.cli;

import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.dashboard.Runs;
import dev.vertigan.run.Journal;
import dev.vertigan.run.Parent;
import dev.vertigan.run.RunFolder;
import dev.vertigan.run.RunNotes;
import dev.vertigan.train.Fork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The runs' folders beside one of them, for the dashboard. Those that cannot be read are left out.
record FolderRuns(Path current) implements Runs {

    FolderRuns {
        current = current.toAbsolutePath().normalize();
    }

    private Stream<Path> folders() {
        var folder = Optional.ofNullable(current.getParent()).orElse(current);
        try (var entries = Files.list(folder)) {
            return entries.filter(path -> Files.isRegularFile(path.resolve("config.json")) && !path.toString().endsWith(Fork.MAKING)).sorted()
                    .toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Run> list() {
        return folders().map(this::run).flatMap(Optional::stream).toList();
    }

    private Optional<Run> run(Path path) {
        try {
            var journal = RunFolder.journal(path);
            if (journal.isEmpty()) {
                return Optional.empty();
            }
            var config = RunConfig.fromJson(RunFolder.config(path), path.toString());
            var notes = RunNotes.read(path);
            String preset = journal.stream().filter(entry -> entry.kind() == Journal.Kind.ORIGIN)
                    .map(entry -> entry.details().path("preset").asText()).findFirst().orElse("");
            var parent = Parent.in(journal).map(from -> new Runs.Lineage(name(Path.of(from.folder())), from.step(), from.changes()));
            var step = RunFolder.checkpointSteps(path).stream().reduce((_, later) -> later);
            return Optional.of(new Run(name(path), path.equals(current), config.data().name().written(), config.game().objective().written(),
                    config.seed(), preset, config.steps(), step, journal.getFirst().time(), journal.getLast().time(),
                    journal.getLast().kind().name().toLowerCase(Locale.ROOT), parent, RunFolder.lastReport(path), notes.tags(),
                    notes.note()));
        } catch (UserError e) {
            return Optional.empty();
        }
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    @Override
    public boolean note(String name, List<String> tags, String note) {
        var run = folders().filter(path -> name(path).equals(name)).findFirst();
        run.ifPresent(path -> new RunNotes(tags, note).write(path));
        return run.isPresent();
    }
}
