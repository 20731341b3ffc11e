package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Without the token, however a path is spelled, nothing answers but what is meant to be open.
class OpenRoutesTest {

    private static final Map<String, Integer> OPEN = Map.of("/health/live", 200, "/health/ready", 200, "/token", 405, "/favicon.svg", 200,
            "/style/tokens.css", 200, "/style/dark.css", 200, "/style/base.css", 200, "/style/token-page.css", 200);
    private static final List<String> FILES = List.of("/", "/index.html", "/app/main.js", "/lib/echarts.esm.min.js", "/nothing");
    private static final String TOKEN = "a-token";
    private static Dashboard dashboard;

    @BeforeAll
    static void start() {
        dashboard = new Dashboard(Dashboard.at("127.0.0.1", 0, TOKEN), LiveLimits.DEFAULT);
    }

    @AfterAll
    static void stop() {
        dashboard.close();
    }

    private static Set<String> paths() {
        var paths = new TreeSet<>(FILES);
        dashboard.routes.stream().map(Route::getPath).filter(path -> path != null).map(path -> path.replace(":file", "1000.png")).forEach(paths::add);
        return paths;
    }

    private static List<String> methods(String path) {
        var methods = dashboard.routes.stream().filter(route -> path.equals(route.getPath()) && route.methods() != null)
                .flatMap(route -> route.methods().stream()).map(HttpMethod::name).distinct().toList();
        return methods.isEmpty() ? List.of("GET") : methods;
    }

    /// Of one path: those that a router, a proxy or a file system might take for the same, and those that climb into it from an open one.
    private static Set<String> spellings(String path) {
        String tail = path.substring(1);
        var all = new LinkedHashSet<>(List.of(path, "/" + path, "//" + path, "/." + path, "/%2e" + path, "/x/.." + path, "/%2E%2e" + path,
                "/.." + path,
                "\\" + tail, "/\\" + tail, path + "/", path + "//", path + "/.", path + "/..", path + ".", path + "%20", path + "%00", path + ";x=1",
                path + ";/health/live", path + "?token=wrong", path + "?/health/live", path + "#/health/live", path + "%23/health/live",
                path + "%3f/health/live", path.toUpperCase(java.util.Locale.ROOT), path.replace("/", "%2f"), "/" + tail.replace("/", "%2F"),
                "/" + tail.replace("/", "//"), "/" + tail.replace("/", "/./"), "/" + tail.replace("/", "\\"), path + "/../health/live",
                path + "/%2e%2e/health/live",
                path + "/..;/health/live"));
        if (!tail.isEmpty()) {
            all.add("/%%%02x%s".formatted((int) tail.charAt(0), tail.substring(1)));
            all.add("/%%%02X%s".formatted((int) tail.charAt(0), tail.substring(1)));
        }
        for (var open : List.of("/health", "/health/", "/health/live", "/health/ready", "/HEALTH")) {
            for (var up : List.of("/..", "/../..", "/%2e%2e", "/%2E%2E/%2e%2e", "/.%2e", "/%2e./..", "/..;", "/..;/..", "/..%2f..", "%2f..",
                    "%2f%2e%2e", "\\..",
                    "/..\\..", "%5c..", "/%252e%252e", "/./..", "//..", "//../..", "/%c0%ae%c0%ae", "/..%00", "?/..", "#/..", ";/..")) {
                all.add(open + up + path);
            }
        }
        for (var authority : List.of("127.0.0.1:" + dashboard.port, "evil.example", "evil.example:80@127.0.0.1:" + dashboard.port)) {
            for (var target : List.of(path, "/health/.." + path, "/health/live/%2e%2e/%2e%2e" + path)) {
                all.add("http://" + authority + target);
                all.add("HTTP://" + authority + target);
            }
        }
        return all;
    }

    @Test
    void withoutTheTokenOnlyWhatIsOpenAnswers() {
        var let = new ArrayList<String>();
        for (var path : paths()) {
            for (var spelling : spellings(path)) {
                for (var method : methods(path)) {
                    let(new RawRequest(method, spelling)).ifPresent(let::add);
                }
                let(new RawRequest("GET", spelling).upgrading()).ifPresent(let::add);
            }
        }
        assertEquals(List.of(), let);
        assertTrue(dashboard.commands.isEmpty(), () -> "reached the run: " + dashboard.commands);
    }

    /// The request and its answer, if that shows more than it should.
    private static Optional<String> let(RawRequest request) {
        String answer = request.send(dashboard.port);
        int status = RawRequest.status(answer);
        boolean health = answer.endsWith("{\"live\":true}") || answer.endsWith("{\"ready\":true,\"state\":\"RUNNING\"}");
        boolean file = answer.contains("content-type: text/css") || answer.contains("content-type: image/svg+xml");
        boolean fine = status == 200 && (health || file) || List.of(400, 401, 403).contains(status)
                || List.of(404, 405).contains(status) && Stream.of("ealth/", "oken", "avicon.svg", "tyle/").anyMatch(answer::contains);
        return fine ? Optional.empty() : Optional.of(request + ": " + answer.lines().findFirst().orElse("no answer"));
    }

    @Test
    void everyRouteIsOpenOrAsksForTheToken() {
        for (var path : paths()) {
            int status = RawRequest.status(new RawRequest("GET", path).send(dashboard.port));
            assertEquals(OPEN.getOrDefault(path, 401), status, path);
            for (var method : methods(path)) {
                if (path.equals("/token")) {
                    continue; // whatever else is shown, it is the body that counts there
                }
                var shown = new RawRequest(method, path).with(Map.of("Authorization", "Bearer " + TOKEN));
                assertTrue(RawRequest.status(shown.send(dashboard.port)) != 401, shown::toString);
            }
        }
        dashboard.commands.clear();
    }
}
