package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vertigan.config.RunConfig;
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
    @ValueSource(strings = {"evil.example", "evil.example:PORT", "localhost.evil.example:PORT", "127.0.0.1.evil.example", "192.0.2.1:PORT",
        "127.0.0.1:PORT:PORT", "127.0.0.1@evil.example", "[::1", ""})
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
    @ValueSource(strings = {"127.0.0.1:PORT", "localhost:PORT", "LOCALHOST:PORT", "[::1]:PORT", "127.0.0.1:1", "localhost:9000", "localhost"})
    void itsOwnNamesAreServedAtWhateverPortATunnelHas(String host) {
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
            assertEquals("./", answer.headers().get("location"));
            String cookie = answer.headers().get("set-cookie");
            assertTrue(cookie.matches("(?i)vertigan-\\d+=\\w+; httponly; samesite=strict"), cookie);
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
        assertTrue(new AccessRules(Dashboard.at(host, 8080, "")).admits(List.of(), List.of()));
    }

    @Test
    void anAddressAnswersToItsOwnName() {
        var rules = new AccessRules(Dashboard.at("trainer.example", 8080, TOKEN));
        rules.checkHost(List.of("Trainer.Example:8080"));
        rules.checkHost(List.of("localhost:8080"));
        rules.checkHost(List.of("trainer.example"));
        assertThrows(HttpFailure.class, () -> rules.checkHost(List.of("other.example:8080")));
        assertThrows(HttpFailure.class, () -> rules.checkHost(List.of("192.168.1.5:8080")));
        assertThrows(HttpFailure.class, () -> rules.checkHost(List.of("trainer.example:8080", "trainer.example:8080")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void aWildcardAnswersToAddressesAndToTheNamesItWasGiven(String any) {
        var rules = new AccessRules(Dashboard.at(any, 8080, TOKEN, "https://gan.example.org/gan/", "http://trainer:9090"));
        for (var host : List.of("192.168.1.5", "192.168.1.5:9000", "[2001:db8::1]:8080", "localhost:1", "127.0.0.1:8080", "gan.example.org",
                "trainer:9090",
                "TRAINER:8080")) {
            rules.checkHost(List.of(host));
        }
        for (var host : List.of("evil.example", "evil.example:8080", "gan.example.org.evil.example", "1.2.3.4.evil.example", "[::1", "::1",
                "", " ", "192.168.1.5@evil.example", "trainer:9090:1")) {
            assertThrows(HttpFailure.class, () -> rules.checkHost(List.of(host)), host);
        }
        assertThrows(HttpFailure.class, () -> rules.checkHost(List.of()));
        assertFalse(rules.admits(List.of(), List.of()));
    }

    private static int stop(Dashboard dashboard, Map<String, String> headers) {
        return dashboard.request(HttpMethod.POST, "/api/run/stop", headers, "").status();
    }

    @Test
    void outsideAddressesAreThoseNamed() {
        try (var dashboard = new Dashboard(Dashboard.at("127.0.0.1", 0, "", "https://gan.example.org:443/gan/", "http://lab:8000"),
                LiveLimits.DEFAULT)) {
            String own = "127.0.0.1:" + dashboard.port;
            for (var origin : List.of("https://gan.example.org", "HTTPS://Gan.Example.Org", "http://lab:8000")) {
                for (var host : List.of(own, "gan.example.org", "lab")) {
                    var headers = Map.of("host", host, "origin", origin);
                    assertEquals(200, stop(dashboard, headers), headers::toString);
                    assertEquals(101, upgrade(dashboard, headers), headers::toString);
                }
            }
            for (var origin : List.of("http://gan.example.org", "https://gan.example.org:8443", "https://example.org", "http://lab",
                    "https://lab:8000",
                    "https://gan.example.org.evil.example", "null")) {
                assertEquals(403, stop(dashboard, Map.of("host", own, "origin", origin)), origin);
                assertEquals(403, upgrade(dashboard, Map.of("host", own, "origin", origin)), origin);
            }
        }
    }

    @Test
    void forwardedHeadersCountOnlyWhereTheyAreTrusted() {
        var forwarded = Map.of("origin", "https://gan.example.org", "x-forwarded-host", "gan.example.org", "x-forwarded-proto", "https");
        for (boolean trusted : new boolean[] {false, true}) {
            var config = new RunConfig.Dashboard("127.0.0.1", 0, TOKEN, "", List.of(), trusted);
            try (var dashboard = new Dashboard(config, LiveLimits.DEFAULT)) {
                var headers = new java.util.HashMap<>(forwarded);
                headers.put("authorization", "Bearer " + TOKEN);
                assertEquals(trusted ? 200 : 403, stop(dashboard, headers));
                headers.put("origin", "https://evil.example");
                assertEquals(403, stop(dashboard, headers));
                headers.put("origin", "http://gan.example.org");
                assertEquals(403, stop(dashboard, headers));
                headers.put("origin", "https://gan.example.org");
                headers.put("host", "evil.example");
                assertEquals(403, stop(dashboard, headers), "a proxy's word for the outside does not make a foreign name this server's");
                headers.remove("host");
                headers.remove("origin");
                String cookie = dashboard.request(HttpMethod.GET, "/?token=" + TOKEN.replace(" ", "%20"), headers, "").headers().get("set-cookie");
                assertEquals(trusted, cookie.toLowerCase(java.util.Locale.ROOT).contains("; secure"), cookie);
            }
        }
    }

    @Test
    void aBrowserWithoutTheTokenIsAskedForIt() {
        try (var dashboard = new Dashboard(Dashboard.at("127.0.0.1", 0, TOKEN), LiveLimits.DEFAULT)) {
            var html = Map.of("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
            var asked = dashboard.request(HttpMethod.GET, "/", html, "");
            assertEquals(401, asked.status());
            assertTrue(asked.text().contains("<form") && !asked.text().contains("not the token"), asked::text);
            var again = dashboard.request(HttpMethod.GET, "/?token=wrong", html, "");
            assertEquals(401, again.status());
            assertTrue(again.text().contains("not the token") && !again.text().contains("wrong"), again::text);
            assertEquals(401, dashboard.request(HttpMethod.GET, "/api/run", html, "").status());
            assertTrue(dashboard.request(HttpMethod.GET, "/api/run", html, "").error().contains("token"));

            var form = Map.of("content-type", "application/x-www-form-urlencoded", "origin", "http://127.0.0.1:" + dashboard.port);
            for (var wrong : List.of("token=wrong", "token=", "", "other=" + TOKEN.replace(' ', '+'))) {
                var refused = dashboard.request(HttpMethod.POST, "/token", form, wrong);
                assertEquals(401, refused.status(), wrong);
                assertFalse(refused.headers().containsKey("set-cookie"));
            }
            var entered = dashboard.request(HttpMethod.POST, "/token", form, "token=" + TOKEN.replace(' ', '+'));
            assertEquals(303, entered.status());
            var cookie = Map.of("cookie", entered.headers().get("set-cookie").split(";")[0]);
            assertEquals(200, dashboard.request(HttpMethod.GET, "/", cookie, "").status());
            assertEquals(403, dashboard.request(HttpMethod.POST, "/token", Map.of("content-type", "application/x-www-form-urlencoded", "origin",
                    "http://evil.example"), "token=" + TOKEN.replace(' ', '+')).status());
        }
    }
}
