package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vertigan.config.UserError;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {

    private static final String TOKEN = "correct horse battery staple";

    private static int upgrade(Dashboard dashboard, Map<String, String> headers) {
        try {
            Dashboard.await(dashboard.connect(headers)).close();
            return 101;
        } catch (UpgradeRejectedException refused) {
            return refused.getStatus();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:PORT", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:PORT",
        "127.0.0.1:PORT:PORT", "[::1", ""})
    void foreignHostsAreRefusedEverywhere(String host) {
        try (var dashboard = new Dashboard()) {
            var headers = Map.of("host", host.replace("PORT", String.valueOf(dashboard.port)));
            for (var path : List.of("/", "/api/run", "/metrics", "/health/live")) {
                var answer = dashboard.request(HttpMethod.GET, path, headers, "");
                assertTrue(answer.status() == 403 || answer.status() == 400, answer::text);
                assertTrue(answer.error().length() > 10);
            }
            assertTrue(upgrade(dashboard, headers) >= 400);
            assertTrue(dashboard.request(HttpMethod.POST, "/api/run/stop", headers, "").status() >= 400);
            assertTrue(dashboard.commands.isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "0.0.0.0", "::1", "::"})
    void theAddressToldOpensThePage(String host) throws Exception {
        assumeTrue(isThere(host), host + " is none of this machine's addresses");
        for (var token : List.of("a token+50% & more/ü#?", "plain", "")) {
            if (token.isEmpty() && host.matches("0.0.0.0|::")) {
                continue; // refused: others could come
            }
            try (var dashboard = new Dashboard(Dashboard.at(host, 0, token), LiveLimits.DEFAULT);
                    var client = HttpClient.newHttpClient()) {
                var answer = client.send(HttpRequest.newBuilder(URI.create(dashboard.page)).build(), HttpResponse.BodyHandlers.discarding());
                assertEquals(token.isEmpty() ? 200 : 303, answer.statusCode(), dashboard.page);
                assertEquals(!token.isEmpty(), answer.headers().firstValue("set-cookie").isPresent(), "the token was taken");
            }
        }
    }

    private static boolean isThere(String host) {
        try (var _ = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:PORT", "localhost:PORT", "LOCALHOST:PORT", "[::1]:PORT"})
    void itsOwnNamesAreServed(String host) {
        try (var dashboard = new Dashboard()) {
            String own = host.replace("PORT", String.valueOf(dashboard.port));
            assertEquals(200, dashboard.request(HttpMethod.GET, "/api/run", Map.of("host", own), "").status());
            assertEquals(200, dashboard.request(HttpMethod.POST, "/api/run/stop", Map.of("host", own, "origin", "http://" + own), "").status());
            assertEquals(101, upgrade(dashboard, Map.of("host", own, "origin", "http://" + own)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "null", "http://127.0.0.1", "http://localhost:PORT", "http://127.0.0.1:PORT.evil.example",
        "ftp://127.0.0.1:PORT"})
    void foreignOriginsAreRefused(String origin) {
        try (var dashboard = new Dashboard()) {
            var headers = Map.of("origin", origin.replace("PORT", String.valueOf(dashboard.port)));
            var answer = dashboard.request(HttpMethod.POST, "/api/run/stop", headers, "");
            assertEquals(403, answer.status());
            assertTrue(answer.error().contains("Origin"), answer::text);
            assertEquals(403, dashboard.request(HttpMethod.PATCH, "/api/run/settings", headers, "").status());
            assertEquals(403, upgrade(dashboard, headers));
            assertTrue(dashboard.commands.isEmpty());
        }
    }

    @Test
    void withATokenOnlyHealthIsOpen() {
        try (var dashboard = new Dashboard(Dashboard.at("127.0.0.1", 0, TOKEN), LiveLimits.DEFAULT)) {
            for (var path : List.of("/", "/api/run", "/api/history", "/metrics", "/lib/echarts.esm.min.js", "/?token=wrong",
                    "/api/run?token=" + TOKEN.replace(' ', '+'))) {
                var answer = dashboard.get(path);
                assertEquals(401, answer.status(), path);
                assertTrue(answer.error().contains("token"));
                assertFalse(answer.text().contains(TOKEN));
            }
            assertEquals(200, dashboard.get("/health/live").status());
            assertEquals(200, dashboard.get("/health/ready").status());
            assertEquals(401, upgrade(dashboard, Map.of()));
            for (var wrong : List.of("", "Bearer", "Bearer ", "Bearer wrong", "Basic " + TOKEN, TOKEN, "Bearer " + TOKEN + "x")) {
                assertEquals(401, dashboard.request(HttpMethod.POST, "/api/run/stop", Map.of("authorization", wrong), "").status(), wrong);
            }
            assertTrue(dashboard.commands.isEmpty());
            var right = Map.of("authorization", "Bearer " + TOKEN);
            assertEquals(200, dashboard.request(HttpMethod.POST, "/api/run/stop", right, "").status());
            assertEquals(101, upgrade(dashboard, right));
        }
    }

    @Test
    void thePageTurnsATokenIntoACookie() {
        try (var dashboard = new Dashboard(Dashboard.at("127.0.0.1", 0, TOKEN), LiveLimits.DEFAULT)) {
            var answer = dashboard.get("/?token=" + TOKEN.replace(" ", "%20"));
            assertEquals(303, answer.status());
            assertEquals("/", answer.headers().get("location"));
            String cookie = answer.headers().get("set-cookie");
            assertTrue(cookie.matches("(?i).*; path=/; httponly; samesite=strict"), cookie);
            assertFalse(cookie.contains(TOKEN));
            var headers = Map.of("cookie", cookie.split(";")[0]);
            assertEquals(200, dashboard.request(HttpMethod.GET, "/api/run", headers, "").status());
            assertEquals(101, upgrade(dashboard, headers));
            assertEquals(401, dashboard.request(HttpMethod.GET, "/api/run", Map.of("cookie", cookie.split(";")[0] + "0"), "").status());
            assertEquals(401, dashboard.request(HttpMethod.GET, "/api/run", Map.of("cookie", cookie.split("=")[0] + "=" + TOKEN), "").status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.5", "trainer.example", "10.0.0.1"})
    void otherAddressesNeedAToken(String host) {
        var error = assertThrows(UserError.class, () -> new AccessRules(Dashboard.at(host, 8080, "")));
        assertTrue(error.getMessage().contains("dashboard.token"));
        new AccessRules(Dashboard.at(host, 8080, TOKEN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1", "127.0.0.2"})
    void loopbackNeedsNone(String host) {
        new AccessRules(Dashboard.at(host, 8080, "")).checkToken(List.of(), List.of());
    }

    @Test
    void anAddressAnswersToItsOwnName() {
        var rules = new AccessRules(Dashboard.at("trainer.example", 8080, TOKEN));
        rules.checkHost(List.of("Trainer.Example:8080"), 8080);
        rules.checkHost(List.of("localhost:8080"), 8080);
        rules.checkHost(List.of("trainer.example"), 80);
        assertThrows(HttpFailure.class, () -> rules.checkHost(List.of("trainer.example:8081"), 8080));
        assertThrows(HttpFailure.class, () -> rules.checkHost(List.of("other.example:8080"), 8080));
        assertThrows(HttpFailure.class, () -> rules.checkHost(List.of("trainer.example:8080", "trainer.example:8080"), 8080));
        // Nobody here knows by which names a wildcard address is reached; a foreign one still lacks the token.
        var wildcard = new AccessRules(Dashboard.at("0.0.0.0", 8080, TOKEN));
        wildcard.checkHost(List.of("vertigan:9090"), 8080);
        assertThrows(HttpFailure.class, () -> wildcard.checkHost(List.of(), 8080));
        assertThrows(HttpFailure.class, () -> wildcard.checkToken(List.of(), List.of()));
    }
}
