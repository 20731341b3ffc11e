package dev.vertigan.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The form that a command prints figures in: aligned for the terminal, unless another is asked for.
final class PrintedForm {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON, figures in full precision.")
    private boolean json;

    @Option(names = "--markdown", description = "Print a Markdown table.")
    private boolean markdown;

    /// @throws ParameterException if both are asked for
    void check() {
        if (markdown && json) {
            throw new ParameterException(spec.commandLine(), "--markdown, --json: expected one of them, found both");
        }
    }

    boolean json() {
        return json;
    }

    boolean markdown() {
        return markdown;
    }
}
