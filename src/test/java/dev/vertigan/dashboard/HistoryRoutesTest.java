package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import dev.vertigan.values.Reports;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryRoutesTest {

    private static final byte[] GRID = {(byte) 0x89, 'P', 'N', 'G', 0, -1};

    private final Dashboard dashboard = new Dashboard(Dashboard.LOOPBACK, LiveLimits.DEFAULT, HistoryRoutesTest::history, new Samples() {
        @Override
        public List<Long> steps() {
            return List.of(100L, 200L);
        }

        @Override
        public Optional<byte[]> read(long step, String suffix) {
            return switch (step + "." + suffix) {
                case "100.png", "200.f32" -> Optional.of(GRID);
                default -> Optional.empty();
            };
        }
    });

    /// Steps 1 to 9; the first loss is NaN.
    private static List<Report> history(long since, long until, int limit) {
        return LongStream.rangeClosed(Math.max(since, 0) + 1, Math.min(until, 9)).limit(limit).mapToObj(step -> step > 1 ? Dashboard.report(step)
                : Reports.of(1, 5, Double.NaN, Double.POSITIVE_INFINITY, 0.1, 0.2, 1e-300, 1e300, -0.0, 4, 5)).toList();
    }

    @AfterEach
    void close() {
        dashboard.close();
    }

    /// What was not measured is null.
    private static JsonArray row(String measured) {
        var row = new JsonArray("[" + measured + "]");
        while (row.size() < 2 + Metric.values().length) {
            row.addNull();
        }
        return row;
    }

    @Test
    void columnsAndRowsFitTheReport() {
        var json = dashboard.get("/api/history").json();
        var columns = json.getJsonArray("columns");
        assertEquals(Stream.concat(Stream.of("step", "time"), Arrays.stream(Metric.values()).map(Metric::column)).toList(), columns.getList());
        assertEquals(9, json.getJsonArray("rows").size());
        assertEquals(9, json.getLong("last"));
        var second = json.getJsonArray("rows").getJsonArray(1);
        assertEquals(row("2,1700000000002,1.25,0.5,0.75,0.25,2.0,3.0,0.001,0.002,4.5,50000.0"), second);
    }

    @Test
    void aWindowEndsWhereItIsToldTo() {
        var json = dashboard.get("/api/history?since=3&until=5").json();
        assertEquals(List.of(4, 5), json.getJsonArray("rows").stream().map(row -> ((JsonArray) row).getInteger(0)).toList());
        assertEquals(400, dashboard.get("/api/history?until=x").status());
    }

    @Test
    void whatIsNotFiniteIsShownAsWhatItIs() {
        var first = dashboard.get("/api/history").json().getJsonArray("rows").getJsonArray(0);
        assertEquals(row("1,5,\"NaN\",\"Infinity\",0.1,0.2,1e-300,1e300,-0.0,4.0,5.0"), first);
    }

    @Test
    void asksForWhatIsMissing() {
        var json = dashboard.get("/api/history?since=4&limit=2").json();
        assertEquals(List.of(5, 6), json.getJsonArray("rows").stream().map(row -> ((JsonArray) row).getInteger(0)).toList());
        assertEquals(6, json.getLong("last"));
        var none = dashboard.get("/api/history?since=9").json();
        assertEquals(0, none.getJsonArray("rows").size());
        assertEquals(9, none.getLong("last"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"since=-2", "since=x", "since=", "since=1.5", "limit=0", "limit=40001", "limit=99999999999999999999", "since=1&limit=-1"})
    void refusesQuestionsThatMakeNoSense(String query) {
        var answer = dashboard.get("/api/history?" + query);
        assertEquals(400, answer.status());
        assertTrue(answer.error().contains("expected a whole number from"), answer::text);
    }

    @Test
    void listsAndSendsTheSavedSamples() {
        assertEquals(new JsonArray("[100,200]"), dashboard.get("/api/samples").json().getJsonArray("steps"));
        var grid = dashboard.get("/api/samples/100.png");
        assertEquals("image/png", grid.headers().get("content-type"));
        assertArrayEquals(GRID, grid.bytes());
        var points = dashboard.get("/api/samples/200.f32");
        assertEquals("application/octet-stream", points.headers().get("content-type"));
        assertArrayEquals(GRID, points.bytes());
        var again = dashboard.request(HttpMethod.GET, "/api/samples/100.png", Map.of("if-none-match", grid.headers().get("etag")), "");
        assertEquals(304, again.status());
        assertEquals(0, again.bytes().length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"200.png", "100.f32", "100.jpg", "100", "-1.png", "..%2f..%2fetc%2fpasswd", "9999999999999999999999.png"})
    void saysWhichSamplesThereAreNot(String file) {
        var answer = dashboard.get("/api/samples/" + file);
        assertEquals(404, answer.status());
        assertTrue(answer.error().contains("samples"), answer::text);
    }
}
