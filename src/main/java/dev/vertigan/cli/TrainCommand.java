package dev.vertigan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets;
import dev.vertigan.run.Journal;
import dev.vertigan.run.RunFolder;
import dev.vertigan.run.RunFolders;
import dev.vertigan.run.RunReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Begins a run.
@Command(name = "train", mixinStandardHelpOptions = true, sortOptions = false, versionProvider = Main.Versions.class,
        description = "Begins a run in a folder of its own and plays until all turns are made or Ctrl-C.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  vertigan train --preset mnist --data-dir ~/data",
            "  vertigan train --preset ring --set game.objective=minimax --set batch=128",
            "  vertigan train --preset digits --set \"generator.layers=dense 512 relu, output sigmoid\"",
            "",
            "Later settings win: defaults, then the preset, then the file, then --set in the order given.",
            "`vertigan settings` lists every setting. A run's folder holds the configuration it was made with."})
final class TrainCommand implements Callable<Integer> {

    /// What is trained where nothing is asked for.
    private static final String SHOWN = "conditional-digits";
    /// What other data are set on top of: it asks for no labels.
    private static final String PLAIN = "digits";

    private final Console console;

    @Spec
    private CommandSpec spec;

    @ArgGroup(validate = false, heading = "%nWhat to train:%n", order = 1)
    private final What what = new What();

    @ArgGroup(validate = false, heading = "%nHow to run:%n", order = 2)
    private final How how = new How();

    private static final class What {

        @Option(names = "--preset", paramLabel = "NAME", completionCandidates = Presets.class,
                description = "One of ${COMPLETION-CANDIDATES} (default: " + SHOWN
                        + "; with --config or settings of data " + PLAIN + ", whose networks fit images of any kind).")
        private Optional<String> preset = Optional.empty();

        @Option(names = "--config", paramLabel = "FILE", description = "JSON file with some of the settings.")
        private Optional<Path> file;

        @Option(names = "--set", paramLabel = "PATH=VALUE", description = "One setting, as in game.objective=minimax; may be repeated.")
        private List<String> settings = List.of();

        @Option(names = "--data-dir", paramLabel = "DIR", description = {"Folder with the data set's files; else $VERTIGAN_DATA, else your cache.",
            "For data.name=images their folder, or a .zip of it; for drawing, array and table the file; for stream the folder that is watched."})
        private Optional<String> dataDir;

        @Option(names = "--seed", paramLabel = "N", description = "The key of every random number.")
        private Optional<String> seed;
    }

    private static final class How extends RunMode {

        @Option(names = "--steps", paramLabel = "N", description = "Turns to make (0 = until Ctrl-C).")
        private Optional<String> steps;

        @Option(names = "--dry-run", description = "Only tell what it would take: parameters, memory, work and time a turn.")
        private boolean dry;

        @Option(names = "--run-dir", paramLabel = "DIR", description = "The run's folder; else runs/<date>-<data>.")
        private Optional<Path> folder;

        @Option(names = "--or-resume", description = "If --run-dir holds this run already, go on with it: the same line then starts a service again.")
        private boolean orResume;
    }

    /// For the help and for completion.
    static final class Presets implements Iterable<String> {

        @Override
        public Iterator<String> iterator() {
            return ConfigLoader.PRESETS.iterator();
        }
    }

    TrainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        var config = Main.called(spec, () -> Configurations.LOADER.load(preset(), what.file, assignments()));
        if (how.dry) {
            DryRun.tell(config, console);
            return 0;
        }
        var complete = Main.called(spec, () -> how.withToken(config));
        DryRun.requireMemory(complete);
        try (var download = new DownloadLine(console)) {
            var dataset = Datasets.open(complete.data(), download);
            Path path = how.folder
                    .orElseGet(
                            () -> RunFolders.defaultPath(Path.of("runs"), LocalDate.now(ZoneId.systemDefault()), complete.data().name().written()));
            if (how.orResume && Files.exists(path.resolve("config.json"))) {
                var begun = begun(path, complete);
                return new Play(console, how).play(RunFolder.open(path), complete.with(begun.live()), dataset, changes(begun, complete));
            }
            return new Play(console, how).play(create(path, complete), complete, dataset, Map.of());
        }
    }

    private String preset() {
        boolean ownData = what.file.isPresent() || assignments().stream().anyMatch(assignment -> assignment.path().startsWith("data."));
        return what.preset.orElse(ownData ? PLAIN : SHOWN);
    }

    private RunFolder create(Path path, RunConfig config) {
        var folder = RunFolder.create(path, config.toJson());
        folder.journal().append(0, Journal.Kind.ORIGIN, JsonNodeFactory.instance.objectNode().put("preset", preset()));
        return folder;
    }

    /// The configuration of a run that is there already.
    private static RunConfig begun(Path path, RunConfig config) {
        var begun = RunConfig.fromJson(RunReader.config(path), path.resolve("config.json").toString());
        if (!begun.hash().equals(config.hash())) {
            throw new UserError(
                    path + ": expected the run that this line begins, found one of other settings; go on with it by `vertigan resume`, or "
                            + "choose another folder with --run-dir");
        }
        return begun;
    }

    /// The live settings, by path, that this line has otherwise than the one that began the run.
    private static Map<String, JsonNode> changes(RunConfig begun, RunConfig config) {
        var changes = new TreeMap<>(config.live());
        changes.entrySet().removeAll(begun.live().entrySet());
        return changes;
    }

    private List<Assignment> assignments() {
        var assignments = new ArrayList<>(RunMode.ofEnvironment());
        what.settings.stream().map(Assignment::parse).forEach(assignments::add);
        what.dataDir.ifPresent(value -> assignments.add(new Assignment("data.dir", value, "--data-dir " + value)));
        what.seed.ifPresent(value -> assignments.add(new Assignment("seed", value, "--seed " + value)));
        how.steps.ifPresent(value -> assignments.add(new Assignment("steps", value, "--steps " + value)));
        return assignments;
    }
}
