package dev.vertigan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets;
import dev.vertigan.run.RunFolder;
import dev.vertigan.run.RunReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Goes on with a run.
@Command(name = "resume", mixinStandardHelpOptions = true, sortOptions = false, versionProvider = Main.Versions.class,
        description = "Goes on with a run from its newest good checkpoint, as if it had never stopped.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  vertigan resume runs/2026-11-21-digits",
            "  vertigan resume runs/2026-11-21-digits --steps 50000 --set dashboard.port=8081"})
final class ResumeCommand implements Callable<Integer> {

    private final Console console;

    @Parameters(paramLabel = "RUN", description = "The run's folder.")
    private Path run;

    @Option(names = "--steps", paramLabel = "N", description = "Turns to make in all, if not those the run was made for (0 = until Ctrl-C).")
    private Optional<String> steps;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where the data set's files are, if they moved.")
    private Optional<String> dataDir;

    @Option(names = "--set", paramLabel = "PATH=VALUE",
            description = {"A setting, as in generator.optimiser.rate=1e-4 or dashboard.port=8081; may be repeated.",
                "`vertigan settings` says which may change."})
    private List<String> settings = List.of();

    @Spec
    private CommandSpec spec;

    @Mixin
    private How mode;

    /// As for any run, and whether what has changed was meant to.
    static final class How extends RunMode {

        @Option(names = "--accept-changes", description = "Go on although config.json has other settings than the run was begun with.")
        private boolean accepting;

        @Override
        boolean acceptsChanges() {
            return accepting;
        }
    }

    ResumeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        var wanted = wanted();
        DryRun.requireMemory(wanted.config);
        try (var download = new DownloadLine(console)) {
            var dataset = Datasets.open(wanted.config.data(), download);
            return new Play(console, mode).play(RunFolder.open(run), wanted.config, dataset, wanted.edit);
        }
    }

    /// @param config the run's, with what may differ from one resume to the next
    /// @param edit live settings, by path, from where the run goes on: journalled, so that going back and coming again gives the same
    private record Wanted(RunConfig config, Map<String, JsonNode> edit) {}

    private Wanted wanted() {
        String json = RunReader.config(run);
        String source = run.resolve("config.json").toString();
        var begun = Configurations.LOADER.read(json, source, List.of());
        if (!begun.dashboard().token().isEmpty()) {
            console.error(source + " holds a dashboard.token, which an earlier version wrote there for anyone to read. Take it out, and give one in "
                    + DashboardToken.VARIABLE + " or in a file named by dashboard.tokenFile.");
        }
        return Main.called(spec, () -> {
            var assignments = assignments();
            var all = Configurations.LOADER.read(json, source, assignments);
            var config = all.with(begun.live());
            var differences = config.differencesFrom(begun);
            if (!differences.isEmpty()) {
                throw new UserError("--set: expected settings that may change between two turns or from one resume to the next, found "
                        + String.join(", ", differences) + "; begin a new run with `vertigan train`");
            }
            var edit = new TreeMap<String, JsonNode>();
            all.live().forEach((path, value) -> {
                if (assignments.stream().anyMatch(given -> path.equals(given.path()) || path.startsWith(given.path() + "."))) {
                    edit.put(path, value);
                }
            });
            return new Wanted(mode.withToken(config), edit);
        });
    }

    private List<Assignment> assignments() {
        var assignments = new ArrayList<>(RunMode.ofEnvironment());
        settings.stream().map(Assignment::parse).forEach(assignments::add);
        dataDir.ifPresent(value -> assignments.add(new Assignment("data.dir", value, "--data-dir " + value)));
        steps.ifPresent(value -> assignments.add(new Assignment("steps", value, "--steps " + value)));
        return assignments;
    }
}
