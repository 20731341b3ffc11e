package dev.vertigan.cli;

import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.run.CheckpointStore;
import dev.vertigan.run.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Plays a run's past again, up to a step.
@Command(name = "replay", mixinStandardHelpOptions = true, sortOptions = false, versionProvider = Main.Versions.class,
        description = {"Plays a run again up to a step, from the nearest checkpoint before it, to the same bits.",
            "Only reads the run's folder, also while the run goes on. Prints the hash of all weights, moments and averages there."},
        footerHeading = "%nExamples:%n",
        footer = {
            "  vertigan replay runs/2026-11-21-digits --to 12345 --out samples.png",
            "  vertigan replay runs/2026-11-21-digits --to 12345 --checkpoint step-12345.safetensors"})
final class ReplayCommand implements Callable<Integer> {

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Visit visit;

    @Option(names = "--to", paramLabel = "STEP", required = true, description = "The step: turns completed.")
    private long step;

    @Option(names = "--checkpoint", paramLabel = "FILE", converter = OutputFile.class,
            description = "Where to write the state there, as the run's checkpoint would be.")
    private Optional<Path> checkpoint;

    @Option(names = "--out", paramLabel = "FILE", converter = OutputFile.class, description = "PNG to write: the picture that the run draws there.")
    private Optional<Path> picture;

    ReplayCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        requireStep(spec, "--to", step);
        try (var visited = visit.open(spec, console)) {
            var replay = visited.replay();
            Visit.go(replay, step, console);
            console.line("weights sha256 " + replay.checkpoint().sha256());
            checkpoint.ifPresent(file -> {
                CheckpointStore.export(replay.checkpoint(), file);
                console.line("checkpoint in " + file);
            });
            picture.ifPresent(file -> draw(file, visited, console));
        }
        return 0;
    }

    static void requireStep(CommandSpec spec, String option, long step) {
        if (step < 0) {
            throw new ParameterException(spec.commandLine(),
                    String.format(Locale.ROOT, "%s: expected a number of turns, 0 or more, found %d", option, step));
        }
    }

    /// Draws what the run draws where the replay is.
    static void draw(Path file, Visit.Visited visited, Console console) {
        var replay = visited.replay();
        byte[] png = visited.dataset().kind() == Dataset.Kind.IMAGE ? replay.picture().bytes()
                : PointPlot.png(Datasets.mixture(visited.config().data()), visited.dataset().features(), replay.samples());
        try {
            Files.write(file, png);
        } catch (IOException e) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected a file that can be written: %s", file, Failures.reason(e)), e);
        }
        console.line("samples in " + file);
    }
}
