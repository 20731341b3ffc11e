package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.http.HttpMethod;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StaticFilesTest {

    private static final String CHARTS = "/lib/echarts.esm.min.js";

    private static final Pattern LINK = Pattern.compile("(?:href|src)=\"([^\"]+)\"");

    private final Dashboard dashboard = new Dashboard();

    @AfterEach
    void close() {
        dashboard.close();
    }

    @Test
    void servesTheChartLibraryAsAModule() {
        var answer = dashboard.get(CHARTS);
        assertEquals(200, answer.status());
        assertEquals("text/javascript; charset=utf-8", answer.headers().get("content-type"));
        assertTrue(answer.text().contains("export{"));
        assertArrayEquals(answer.bytes(), dashboard.get(CHARTS).bytes());
    }

    @Test
    void servesThePage() {
        assumeTrue(getClass().getClassLoader().getResource("web/index.html") != null, "the page is not on the class path");
        var page = dashboard.get("/");
        assertEquals("text/html; charset=utf-8", page.headers().get("content-type"));
        assertArrayEquals(page.bytes(), dashboard.get("/index.html").bytes());
        assertEquals("no-cache", page.headers().get("cache-control"));
    }

    @Test
    void everyFileThePageAsksForIsThereAndNotEmpty() {
        assumeTrue(getClass().getClassLoader().getResource("web/index.html") != null, "the page is not on the class path");
        var found = LINK.matcher(dashboard.get("/").text()).results().map(link -> "/" + link.group(1)).toList();
        assertTrue(found.size() > 15, found::toString);
        for (var path : found) {
            var answer = dashboard.get(path);
            assertEquals(200, answer.status(), path);
            assertTrue(answer.text().length() > 20, () -> path + " is empty");
        }
    }

    @Test
    void allStyleSheetsThatAlwaysHoldAreOne() throws IOException {
        var source = getClass().getClassLoader().getResource("web/index.html");
        assumeTrue(source != null, "the page is not on the class path");
        var sheet = Pattern.compile("<link rel=\"stylesheet\" href=\"([^\"]+)\">");
        String page = new String(source.openStream().readAllBytes(), StandardCharsets.UTF_8);
        var parts = sheet.matcher(page).results().map(link -> dashboard.get("/" + link.group(1)).text()).toList();
        assertTrue(parts.size() > 20, parts::toString);
        assertEquals(List.of("style.css"), sheet.matcher(dashboard.get("/").text()).results().map(link -> link.group(1)).toList());
        var whole = dashboard.get("/style.css");
        assertEquals(String.join("\n", parts), whole.text());
        assertEquals("text/css; charset=utf-8", whole.headers().get("content-type"));
        assertEquals(304, dashboard.request(HttpMethod.GET, "/style.css", Map.of("if-none-match", whole.headers().get("etag")), "").status());
        assertTrue(dashboard.get("/").text().contains("href=\"style/dark.css\" id=\"dark\""), "the one that holds at times is its own");
    }

    /// So that a browser asks for all at once.
    @Test
    void aPageNamesAllItsModulesAhead() {
        assumeTrue(getClass().getClassLoader().getResource("web/index.html") != null, "the page is not on the class path");
        var page = dashboard.get("/");
        var named = Pattern.compile("<link rel=\"modulepreload\" href=\"([^\"]+)\"[^>]*>").matcher(page.text()).results().map(link -> link.group(1))
                .toList();
        int headers = page.headers().entrySet().stream().mapToInt(header -> header.getKey().length() + header.getValue().length() + 4).sum();
        assertTrue(headers < 2000, "bytes of headers, of which a reverse proxy takes 4,000: " + headers);
        assertTrue(named.containsAll(List.of("app/main.js", "app/run.js", "components/line-chart/plot.js", CHARTS.substring(1))), named::toString);
        assertEquals(named.size(), Set.copyOf(named).size());
        assertEquals(CHARTS.substring(1), named.getFirst(), "the largest is what curves wait for");
        var last = named.subList(named.indexOf("app/rest.js"), named.size());
        assertTrue(last.containsAll(List.of("components/sample-view/sample-view.js", "components/new-run/sketch.js")), last::toString);
        assertTrue(page.text().indexOf("<template") < page.text().indexOf("app/rest.js"),
                "what curves do not need is not asked for before they are drawn");
        for (var module : named) {
            var answer = dashboard.get("/" + module);
            assertEquals(200, answer.status(), module);
            var imports = Pattern.compile("(?m)^(?:import|\\}) [^'\\n]*'(\\.[^']+)'").matcher(module.startsWith("lib/") ? "" : answer.text());
            imports.results().forEach(found -> assertTrue(named.contains(URI.create(module).resolve(found.group(1)).getPath()), found::group));
        }
    }

    @Test
    void textIsPackedForWhoeverUnderstandsIt() throws IOException {
        var plain = dashboard.get(CHARTS);
        var packed = dashboard.request(HttpMethod.GET, CHARTS, Map.of("accept-encoding", "br, gzip"), "");
        assertEquals("gzip", packed.headers().get("content-encoding"));
        assertTrue(packed.bytes().length < plain.bytes().length / 2);
        assertArrayEquals(plain.bytes(), new GZIPInputStream(new ByteArrayInputStream(packed.bytes())).readAllBytes());
        String tag = packed.headers().get("etag");
        assertNotEquals(plain.headers().get("etag"), tag);
        assertEquals(304, dashboard.request(HttpMethod.GET, CHARTS, Map.of("accept-encoding", "gzip", "if-none-match", tag), "").status());
        var refused = dashboard.request(HttpMethod.GET, CHARTS, Map.of("accept-encoding", "gzip;q=0"), "");
        assertArrayEquals(plain.bytes(), refused.bytes());
    }

    @Test
    void sendsAFileAgainOnlyIfItChanged() {
        var first = dashboard.get(CHARTS);
        assertEquals("no-cache", first.headers().get("cache-control"));
        var again = dashboard.request(HttpMethod.GET, CHARTS, Map.of("if-none-match", first.headers().get("etag")), "");
        assertEquals(304, again.status());
        assertEquals(0, again.bytes().length);
        assertEquals(200, dashboard.request(HttpMethod.GET, CHARTS, Map.of("if-none-match", "\"other\""), "").status());
        var head = dashboard.request(HttpMethod.HEAD, CHARTS, Map.of(), "");
        assertEquals(String.valueOf(first.bytes().length), head.headers().get("content-length"));
        assertEquals(0, head.bytes().length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/lib/", "/lib/nothing.js", "/lib/../echarts.js", "/../pom.xml", "/..%2f..%2fpom.xml", "/%2e%2e/logback.xml",
        "/lib//etc/x.js",
        "/.git/config.json", "/dev/vertigan/config/RunConfig.class", "/META-INF/MANIFEST.MF", "/lib/package.json%00.js", "/web", "/lib/%5c..%5cx.js"})
    void servesNothingElse(String path) {
        var answer = dashboard.get(path);
        assertEquals(404, answer.status(), answer::text);
        assertTrue(answer.error().length() > 10);
    }

    @Test
    void everyAnswerCarriesTheSecurityHeaders() {
        for (var path : new String[] {CHARTS, "/api/run", "/nothing", "/metrics"}) {
            var headers = dashboard.get(path).headers();
            assertTrue(headers.get("content-security-policy").startsWith("default-src 'self'; "), path);
            assertEquals("nosniff", headers.get("x-content-type-options"));
            assertEquals("same-origin", headers.get("referrer-policy"));
            assertEquals("same-origin", headers.get("cross-origin-opener-policy"));
        }
    }
}
