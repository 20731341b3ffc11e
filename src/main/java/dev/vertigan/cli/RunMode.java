package dev.vertigan.cli;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.RunConfig;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// What surrounds a run, for the commands that play one.
class RunMode {

    private static final String WEBHOOK = "VERTIGAN_WEBHOOK_URL";

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

    /// Settings that the environment makes, since they are secrets; `--set` wins.
    static List<Assignment> ofEnvironment() {
        return Stream.ofNullable(System.getenv(WEBHOOK)).map(url -> new Assignment("webhook.url", url.strip(), WEBHOOK)).toList();
    }

    /// Whether a run that goes on may do so with other settings than it began with.
    boolean acceptsChanges() {
        return false;
    }

    boolean endsWithTheRun() {
        return exit || noDashboard;
    }
}
