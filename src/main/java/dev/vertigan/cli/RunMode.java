package dev.vertigan.cli;

import picocli.CommandLine.Option;

/// What surrounds a run, for the commands that play one.
class RunMode {

    @Option(names = "--no-dashboard", description = "No server; the process ends with the last turn.")
    private boolean noDashboard;

    @Option(names = "--exit", description = "End with the last turn instead of serving the dashboard until Ctrl-C.")
    private boolean exit;

    boolean dashboard() {
        return !noDashboard;
    }

    boolean endsWithTheRun() {
        return exit || noDashboard;
    }
}
