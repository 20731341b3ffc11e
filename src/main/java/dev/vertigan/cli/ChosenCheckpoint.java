package dev.vertigan.cli;

import dev.vertigan.config.UserError;
import dev.vertigan.run.Journal;
import dev.vertigan.run.RunReader;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// With which checkpoint of a run a command draws, and with which of its weights.
final class ChosenCheckpoint {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--step", paramLabel = "N", description = "The checkpoint of this step (default: the newest good one).")
    private Optional<Long> step;

    @Option(names = "--best", description = "The checkpoint that is kept as the best, by evaluation.best.")
    private boolean best;

    @Option(names = "--raw", description = "Draw with the weights themselves.")
    private boolean raw;

    @Option(names = "--ema", description = "Draw with the moving average of the weights (the default).")
    private boolean averaged;

    /// @throws ParameterException if two are named where one is to be
    void check() {
        if (best && step.isPresent()) {
            throw new ParameterException(spec.commandLine(), "--best, --step: expected one of them, found both");
        }
        if (raw && averaged) {
            throw new ParameterException(spec.commandLine(), "--raw, --ema: expected one of them, found both");
        }
    }

    boolean raw() {
        return raw;
    }

    /// The generator that is to draw.
    ///
    /// @throws UserError if there is no such checkpoint, or it is not of the run's configuration
    OpenGenerator open(Path run, Console console) {
        return OpenGenerator.open(run, best ? Optional.of(best(run)) : step, !raw, console);
    }

    private static long best(Path run) {
        return Journal.ofBranch(RunReader.journal(run)).stream().filter(entry -> entry.kind() == Journal.Kind.BEST).map(Journal.Entry::step)
                .reduce((_, later) -> later).orElseThrow(() -> new UserError(String.format(Locale.ROOT,
                        "%s: expected a checkpoint kept as the best, found none; evaluation.best names the figure by which one is kept", run)));
    }
}
