package dev.vertigan.cli;

import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.run.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/// Where the dashboard's token comes from: `dashboard.token` if it is set, else the environment, else the file that `dashboard.tokenFile`
/// names. It is never written into a run's folder.
final class DashboardToken {

    static final String VARIABLE = "VERTIGAN_DASHBOARD_TOKEN";
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "localhost");

    private DashboardToken() {}

    /// The configuration with its token.
    ///
    /// @throws UserError if the file cannot be read, or others can reach the dashboard and there is no token
    static RunConfig resolve(RunConfig config, Map<String, String> environment) {
        var dashboard = config.dashboard();
        String token = dashboard.token();
        if (token.isEmpty()) {
            token = environment.getOrDefault(VARIABLE, "").strip();
        }
        if (token.isEmpty() && !dashboard.tokenFile().isEmpty()) {
            token = read(Path.of(dashboard.tokenFile()));
        }
        if (token.isEmpty() && !LOOPBACK.contains(dashboard.host())) {
            throw new UserError("dashboard.host " + dashboard.host() + " can be reached by others, so it needs a token, found none. Give one in "
                    + VARIABLE + ", in a file named by dashboard.tokenFile, or by --set dashboard.token=…; or keep to this machine with "
                    + "--set dashboard.host=127.0.0.1");
        }
        return config.withToken(token);
    }

    private static String read(Path file) {
        try {
            String token = Files.readString(file).strip();
            if (token.isEmpty() || token.lines().count() != 1) {
                throw new UserError("dashboard.tokenFile " + file + ": expected one line with the token, found " + token.lines().count());
            }
            return token;
        } catch (IOException e) {
            throw new UserError("dashboard.tokenFile " + file + ": expected a text file that can be read, found: " + Failures.reason(e), e);
        }
    }
}
