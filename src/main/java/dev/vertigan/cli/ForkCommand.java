package dev.vertigan.cli;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.RunConfig;
import dev.vertigan.run.RunReader;
import dev.vertigan.train.Fork;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Makes a run that begins where another was at a step.
@Command(name = "fork", mixinStandardHelpOptions = true, sortOptions = false, versionProvider = Main.Versions.class,
        description = {"Makes a new run that begins where another one was after a step, with other settings if you like.",
            "The other run is only read, also while it goes on. Without other settings the fork comes to the same bits."},
        footerHeading = "%nExamples:%n",
        footer = {
            "  vertigan fork runs/2026-11-21-ring --at 12000 --into runs/gentler --set discriminator.optimiser.rate=1e-4",
            "  vertigan resume runs/gentler"})
final class ForkCommand implements Callable<Integer> {

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Visit visit;

    @Option(names = "--at", paramLabel = "STEP", required = true, description = "The step where it begins: turns completed.")
    private long step;

    @Option(names = "--set", paramLabel = "PATH=VALUE",
            description = "A setting that the fork has otherwise; may be repeated. Any may differ, as long as weights and moments keep their shapes.")
    private List<String> settings = List.of();

    @Option(names = "--into", paramLabel = "DIR", required = true, description = "The new run's folder.")
    private Path into;

    ForkCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        ReplayCommand.requireStep(spec, "--at", step);
        Main.called(spec, () -> { // before anything is played
            var config = with(RunReader.config(visit.run()), visit.run().resolve("config.json").toString());
            Fork.requireSamplesAlike(config, Configurations.ofRun(visit.run()));
            Fork.requireFree(into);
            return into;
        });
        try (var visited = visit.open(spec, console)) {
            var replay = visited.replay();
            Visit.go(replay, step, console);
            Fork.make(replay, with(replay.config().toJson(), String.format(Locale.ROOT, "%s at step %d", visit.run(), step)), into);
        }
        console.line("run        " + into);
        console.line("play it by: vertigan resume " + into);
        return 0;
    }

    private RunConfig with(String json, String source) {
        return Configurations.LOADER.read(json, source, settings.stream().map(Assignment::parse).toList());
    }
}
