package dev.vertigan.cli;

import dev.vertigan.config.RunConfig;
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

    /// The configuration with the dashboard's token, if there is a dashboard to ask for it.
    RunConfig withToken(RunConfig config) {
        return noDashboard ? config : DashboardToken.resolve(config, System.getenv());
    }

    boolean endsWithTheRun() {
        return exit || noDashboard;
    }
}
