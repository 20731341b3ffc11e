package dev.vertigan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.dashboard.History;
import dev.vertigan.dashboard.Runs;
import dev.vertigan.dashboard.Samples;
import dev.vertigan.data.Form;
import dev.vertigan.run.Journal;
import dev.vertigan.run.Parent;
import dev.vertigan.run.RunFolders;
import dev.vertigan.run.RunNotes;
import dev.vertigan.run.RunReader;
import dev.vertigan.train.Fork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/// The runs' folders beside one of them, for the dashboard. Those that cannot be read are left out.
record FolderRuns(Path current, NewRuns beginnings) implements Runs {

    /// @param config of the current one
    static FolderRuns beside(Path current, RunConfig config) {
        var path = current.toAbsolutePath().normalize();
        return new FolderRuns(path, new NewRuns(Optional.ofNullable(path.getParent()).orElse(path), config.compute()));
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
        var journals = new LinkedHashMap<Path, List<Journal.Entry>>();
        folders().forEach(path -> RunReader.journalIfAny(path).ifPresent(journal -> journals.put(path, journal)));
        return journals.entrySet().stream().map(run -> run(run.getKey(), run.getValue(), journals)).flatMap(Optional::stream).toList();
    }

    private Optional<Run> run(Path path, List<Journal.Entry> journal, Map<Path, List<Journal.Entry>> journals) {
        try {
            var config = RunConfig.fromJson(RunReader.config(path), path.toString());
            var notes = RunNotes.read(path);
            String preset = journal.stream().filter(entry -> entry.kind() == Journal.Kind.ORIGIN)
                    .map(entry -> entry.details().path("preset").asText()).findFirst().orElse("");
            var parent = Parent.in(journal).map(from -> new Runs.Lineage(name(from.now(path, journals)), from.step(), from.changes()));
            var step = RunReader.checkpointSteps(path).stream().reduce((_, later) -> later);
            return Optional.of(new Run(name(path), path.equals(current), config.data().name().written(), Form.of(config.data()).kind(),
                    config.data().table() ? config.data().columnNames() : List.of(),
                    config.game().objective().written(),
                    config.seed(), preset, config.steps(), step, journal.getFirst().time(), journal.getLast().time(),
                    journal.getLast().kind().name().toLowerCase(Locale.ROOT), parent, RunReader.lastReport(path), notes.tags(),
                    notes.note()));
        } catch (UserError e) {
            return Optional.empty();
        }
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    private Optional<Path> find(String name) {
        return folders().filter(path -> name(path).equals(name)).findFirst();
    }

    @Override
    public boolean note(String name, List<String> tags, String note) {
        var run = find(name);
        run.ifPresent(path -> new RunNotes(tags, note).write(path));
        return run.isPresent();
    }

    @Override
    public Optional<History> history(String name) {
        return find(name).map(path -> (after, to, limit) -> RunReader.history(path, after, to, limit));
    }

    @Override
    public Optional<Samples> samples(String name) {
        return find(name).map(path -> new FolderSamples(() -> RunReader.samples(path)));
    }

    @Override
    public Optional<SortedMap<Long, Path>> checkpoints(String name) {
        return find(name).map(RunReader::checkpointFiles);
    }

    @Override
    public void rename(String name, String to) {
        var path = other(name);
        var target = path.resolveSibling(to);
        Fork.requireFree(target);
        RunFolders.rename(path, target);
    }

    @Override
    public void delete(String name) {
        var path = other(name);
        var learned = beginnings.sent().learnedBy(path);
        RunFolders.discard(path);
        learned.ifPresent(set -> beginnings.sent().release(set, folders().toList()));
    }

    private Path other(String name) {
        var path = find(name).orElseThrow(() -> new UserError(name + ": no such run beside this one"));
        if (path.equals(current)) {
            throw new UserError(name + ": expected a run that is not being played, found the one this dashboard shows; play another first");
        }
        return path;
    }

    @Override
    public List<Preset> presets() {
        return NewRuns.presets();
    }

    @Override
    public Optional<byte[]> thumbnail(String preset) {
        return beginnings.thumbnail(preset);
    }

    @Override
    public void begin(String name, String preset, Map<String, JsonNode> settings, Optional<String> data) {
        beginnings.begin(name, preset, settings, data);
        beginnings.sent().sweep(folders().toList());
    }

    @Override
    public Path data() {
        return beginnings.sent().folder();
    }
}
