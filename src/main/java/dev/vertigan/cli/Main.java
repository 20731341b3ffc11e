package dev.vertigan.cli;

import dev.vertigan.bus.Failure;
import dev.vertigan.config.UserError;
import dev.vertigan.run.Failures;
import dev.vertigan.values.FailureKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Supplier;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;

/// The program.
@Command(name = "vertigan", mixinStandardHelpOptions = true, versionProvider = Main.Versions.class,
        description = "Trains generative adversarial networks, live in your browser.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  vertigan train                          the built-in digits, at http://127.0.0.1:8080",
            "  vertigan train --preset ring --steps 20000",
            "  vertigan resume runs/2026-11-21-digits  go on where it was stopped",
            "  vertigan sample runs/2026-11-21-digits --out grid.png",
            "",
            "`vertigan COMMAND --help` tells more of a command."})
public final class Main implements Runnable {

    private static final int USAGE = 2;
    private static final int FAILURE = 1;

    @Spec
    private CommandSpec spec;

    static final class Versions implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"VertiGAN " + Version.CURRENT, "Java " + Runtime.version()};
        }
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected a command, found none");
    }

    /// Runs one command and ends the process: 0 = done, 1 = failed, 2 = wrongly called, 130 = stopped by Ctrl-C.
    public static void main(String... arguments) {
        var console = Console.ofProcess();
        int code = execute(console, commandLine(console), arguments);
        console.drain();
        Logging.end();
        System.exit(code);
    }

    /// Whatever happens comes to an end with a code: threads that still run would keep the process, and with it the run's folder.
    static int execute(Console console, CommandLine line, String... arguments) {
        try {
            return line.execute(arguments);
        } catch (Error e) {
            var failure = Failure.of(e);
            console.error(failure.getMessage() + "; " + failure.advice() + (failure.kind() == FailureKind.DEFECT ? "\n" + trace(e) : ""));
            return FAILURE;
        }
    }

    /// Its models' names may be in small letters.
    private static CommandLine baseline(Console console) {
        return new CommandLine(new BaselineCommand(console)).setCaseInsensitiveEnumValuesAllowed(true);
    }

    /// @param console that the commands write to; help goes to the command line's own streams
    static CommandLine commandLine(Console console) {
        var line = new CommandLine(new Main())
                .addSubcommand(new TrainCommand(console))
                .addSubcommand(new ResumeCommand(console))
                .addSubcommand(new ReplayCommand(console))
                .addSubcommand(new ForkCommand(console))
                .addSubcommand(new BisectCommand(console))
                .addSubcommand(new TournamentCommand(console))
                .addSubcommand(new SampleCommand(console))
                .addSubcommand(new ExportCommand(console))
                .addSubcommand(new EvaluateCommand(console))
                .addSubcommand(new CompareCommand(console))
                .addSubcommand(new CommandLine(new TableCommand(console)).addSubcommand(new DivergencesCommand(console)))
                .addSubcommand(baseline(console))
                .addSubcommand(new BenchCommand(console))
                .addSubcommand(new SettingsCommand(console))
                .addSubcommand(new GenerateCompletion())
                .addSubcommand(new HelpCommand());
        Arguments.register(line);
        line.setUsageHelpWidth(110);
        line.setExecutionStrategy(call -> {
            OutputFile.requireDifferent(innermost(call));
            return new RunLast().execute(call);
        });
        line.setParameterExceptionHandler((e, _) -> {
            console.error(Arguments.problem(e));
            console.error(String.format(Locale.ROOT, "see `%s --help`", e.getCommandLine().getCommandSpec().qualifiedName()));
            return USAGE;
        });
        line.setExecutionExceptionHandler((e, _, _) -> {
            switch (e) {
                case UserError error -> console.error(error.getMessage());
                case IOException file -> console.error("a file cannot be read or written: " + Failures.reason(file));
                case UncheckedIOException file ->
                    console.error("a file cannot be read or written: " + Failures.reason(Objects.requireNonNull(file.getCause())));
                default -> console.error("an error of the program itself; please report it with what you did\n" + trace(e));
            }
            return FAILURE;
        });
        return line;
    }

    private static ParseResult innermost(ParseResult call) {
        return call.hasSubcommand() ? innermost(call.subcommand()) : call;
    }

    /// Runs what reads the command line's settings: what is wrong with them is a wrong call.
    static <T> T called(CommandSpec spec, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (UserError e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static String trace(Throwable e) {
        var text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
