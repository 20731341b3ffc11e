package dev.vertigan.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import dev.vertigan.values.Reports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricLogTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("metrics.jsonl");
    }

    @Test
    void readsBackWhatItWroteBitForBit() throws Exception {
        var odd = Reports.of(7, 8, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE, Double.MAX_VALUE,
                0.1 + 0.2, 1e22, 123456789012345678.0, Math.nextUp(1.0));
        try (var log = MetricLog.open(file)) {
            log.append(Samples.report(3));
            log.append(odd);
            assertEquals(List.of(Samples.report(3), odd), log.since(0, 100));
            assertEquals(Optional.of(odd), log.newest());
        }
        var json = new ObjectMapper().readTree(Files.readAllLines(file).getLast());
        assertEquals("[\"NaN\", \"Infinity\", \"-Infinity\"]", List.of(json.get("lossD"), json.get("lossG"), json.get("scoreReal")).toString());
        assertEquals(Stream.concat(Stream.of("step", "time"), odd.values().keySet().stream().map(Metric::column)).toList(),
                json.properties().stream().map(p -> p.getKey()).toList());
        try (var log = MetricLog.open(file)) {
            assertEquals(List.of(Samples.report(3), odd), log.since(0, 100));
            assertEquals(List.of(odd), log.since(3, 100));
            assertEquals(List.of(), log.since(7, 100));
        }
    }

    @Test
    void aTornLastLineIsDropped() throws Exception {
        write(1, 3);
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            long lines = new String(cut).chars().filter(c -> c == '\n').count();
            Path torn = Files.write(folder.resolve("torn-" + length), cut);
            try (var log = MetricLog.open(torn)) {
                assertEquals(reports(1, lines), log.since(0, 10));
                log.append(Samples.report(9));
            }
            assertEquals(lines + 1, Files.readAllLines(torn).size());
        }
    }

    @Test
    void damageCostsTheDamagedLinesOnly() throws Exception {
        write(1, 5);
        List<String> lines = Files.readAllLines(file);
        lines.set(1, lines.get(1).replace("\"step\"", "\"stop\""));
        lines.add(2, "\u0000".repeat(2 * Lines.MAX));
        lines.set(4, lines.get(4).replace(":4,", ":2,"));
        Files.write(file, lines);
        try (var log = MetricLog.open(file)) {
            assertEquals(List.of(1L, 3L, 5L), log.since(0, 10).stream().map(Report::step).toList());
        }
    }

    @Test
    void rewindsAsIfTheRestHadNeverBeen() throws Exception {
        write(1, 100);
        byte[] whole = Files.readAllBytes(file);
        for (long step : new long[] {100, 99, 50, 1, 0}) {
            Files.write(file, whole);
            try (var log = MetricLog.open(file)) {
                log.rewindTo(step);
                assertEquals(reports(1, step), log.since(0, 1000));
                assertEquals(reports(1, step), read(Files.readAllBytes(file)));
                for (long again = step + 1; again <= 100; again++) {
                    log.append(Samples.report(again));
                }
            }
            assertTrue(Arrays.equals(whole, Files.readAllBytes(file)));
        }
    }

    /// A hole of zeros, as a power cut can leave, longer than what is read whole.
    @Test
    void aHoleInALargeFileCostsNoMoreThanItself() throws Exception {
        write(1, 100);
        Files.write(file, new byte[100_000], StandardOpenOption.APPEND);
        try (var log = MetricLog.open(file, 1000, 50_000, Long.MAX_VALUE)) {
            assertEquals(Samples.report(1), log.since(0, 1000).getFirst());
            log.rewindTo(50);
        }
        assertEquals(50, Files.readAllLines(file).size());
    }

    /// What an older version did not know is absent, not NaN; what a newer one added is passed over, and stays in the file.
    @Test
    void linesAreJoinedByName() throws Exception {
        Files.writeString(file, """
                {"step":1,"time":5,"lossD":1.5,"scoreReal":"NaN"}
                {"lossG":0.25,"fréchet":{"mean":[1]},"time":6,"step":2}
                {"step":3,"time":7}
                """);
        try (var log = MetricLog.open(file)) {
            log.append(new Report(4, 8, Map.of(Metric.SCORE_FAKE, Double.NaN)));
            assertEquals(List.of(new Report(1, 5, Map.of(Metric.LOSS_D, 1.5, Metric.SCORE_REAL, Double.NaN)),
                    new Report(2, 6, Map.of(Metric.LOSS_G, 0.25)), new Report(3, 7, Map.of()),
                    new Report(4, 8, Map.of(Metric.SCORE_FAKE, Double.NaN))),
                    log.since(0, 10));
        }
        assertTrue(Files.readString(file).contains("fréchet"));
    }

    @Test
    void aValueOfAnotherTypeIsDamage() throws Exception {
        Files.writeString(file, """
                {"step":1,"time":5,"lossD":"much"}
                {"step":2,"time":5,"lossD":null}
                {"step":3,"time":5,"lossD":[1]}
                {"step":4.5,"time":5}
                {"step":5}
                {"step":6,"time":5,"lossD":1}
                """);
        try (var log = MetricLog.open(file)) {
            assertEquals(List.of(6L), log.since(0, 10).stream().map(Report::step).toList());
        }
    }

    @Test
    void stepsAscend() {
        try (var log = MetricLog.open(file)) {
            log.append(Samples.report(5));
            assertThrows(IllegalArgumentException.class, () -> log.append(Samples.report(5)));
            log.rewindTo(4);
            log.append(Samples.report(5));
        }
    }

    @Test
    void thinsEvenlyAndKeepsBothEnds() {
        write(1, 1000);
        try (var log = MetricLog.open(file)) {
            for (int limit : new int[] {1, 2, 3, 7, 100, 333, 999, 1000, 5000}) {
                List<Report> all = log.since(0, limit);
                assertEquals(Math.min(limit, 1000), all.size());
                assertEquals(Samples.report(1000), all.getLast());
                assertTrue(limit == 1 || all.getFirst().equals(Samples.report(1)));
                double apart = 999.0 / Math.max(1, all.size() - 1);
                for (int i = 1; i < all.size(); i++) {
                    assertEquals(apart, all.get(i).step() - all.get(i - 1).step(), 1);
                }
            }
            assertEquals(reports(501, 600), log.between(500, 600, 100));
            assertEquals(List.of(), log.between(2000, 3000, 100));
            assertEquals(List.of(), log.between(600, 500, 100));
            assertThrows(IllegalArgumentException.class, () -> log.since(0, 0));
        }
    }

    /// Days of reports: memory is bounded, the recent past is there in full, the far past evenly if coarsely, and rewinding into it loses no line.
    @Test
    void aLongHistoryIsCoarserTheFurtherBack() throws Exception {
        int capacity = 8_000;
        write(1, 40_000);
        try (var log = MetricLog.open(file, capacity, Long.MAX_VALUE, Long.MAX_VALUE)) {
            List<Report> kept = log.since(0, Integer.MAX_VALUE);
            assertTrue(kept.size() <= capacity && kept.size() >= capacity / 2, () -> "kept " + kept.size());
            assertEquals(Samples.report(1), kept.getFirst());
            assertEquals(reports(40_001 - capacity / 2, 40_000), kept.subList(kept.size() - capacity / 2, kept.size()));
            for (int i = 1; i < kept.size(); i++) {
                long gap = kept.get(i).step() - kept.get(i - 1).step();
                assertTrue(gap >= 1 && gap <= 64, "gap of " + gap);
                assertEquals(Samples.report(kept.get(i).step()), kept.get(i));
            }
            List<Report> curve = log.since(0, 101);
            assertEquals(101, curve.size());
            for (int i = 1; i < curve.size(); i++) {
                assertEquals(400, curve.get(i).step() - curve.get(i - 1).step(), 64);
            }
            log.rewindTo(13_333);
            assertEquals(13_333, Files.readAllLines(file).size());
            log.append(Samples.report(13_334));
        }
        try (var log = MetricLog.open(file)) {
            assertEquals(reports(1, 13_334), log.since(0, Integer.MAX_VALUE));
        }
    }

    /// Of a file too large to be read whole, the newest part is there in full and the older evenly; all of it can be rewound into.
    @Test
    void aLargeFileIsNotReadWhole() throws Exception {
        write(1, 40_000);
        byte[] whole = Files.readAllBytes(file);
        int[] begins = IntStream.concat(IntStream.of(0), IntStream.range(0, whole.length).filter(i -> whole[i] == '\n').map(i -> i + 1)).toArray();
        int longest = IntStream.range(1, begins.length).map(i -> begins[i] - begins[i - 1]).max().orElseThrow();
        int spacing = Math.ceilDiv(whole.length, 1 << 15); // bytes between two of the older lines that are read
        int recent = 100_000;
        long inFull = new String(whole, whole.length - recent, recent).chars().filter(c -> c == '\n').count() - 1;
        Files.write(file, "{\"step\":4".getBytes(), StandardOpenOption.APPEND); // torn
        try (var log = MetricLog.open(file, 1 << 16, 2 * recent, Long.MAX_VALUE)) {
            assertEquals(whole.length, Files.size(file));
            List<Report> kept = log.since(0, Integer.MAX_VALUE);
            assertEquals(Samples.report(1), kept.getFirst());
            assertEquals(reports(40_001 - inFull, 40_000), kept.subList(kept.size() - (int) inFull, kept.size()));
            for (int i = 1; i < kept.size(); i++) {
                int gap = begins[(int) kept.get(i).step() - 1] - begins[(int) kept.get(i - 1).step() - 1];
                assertTrue(gap <= Math.max(spacing, longest) + longest, "gap at " + kept.get(i));
                assertEquals(Samples.report(kept.get(i).step()), kept.get(i));
            }
            log.rewindTo(7_654);
            assertEquals(7_654, Files.readAllLines(file).size());
            log.append(Samples.report(7_655));
        }
        assertTrue(Arrays.equals(whole, 0, (int) Files.size(file), Files.readAllBytes(file), 0, (int) Files.size(file)));
    }

    @Test
    void readersMayComeWhileReportsDo() throws Exception {
        try (var log = MetricLog.open(file, 1000, Long.MAX_VALUE, Long.MAX_VALUE)) {
            var reader = Thread.ofVirtual().start(() -> {
                while (log.newest().map(Report::step).orElse(0L) < 5000) {
                    log.since(0, 50).forEach(report -> {
                        if (!report.equals(Samples.report(report.step()))) {
                            throw new AssertionError(report);
                        }
                    });
                }
            });
            var failures = new java.util.concurrent.ConcurrentLinkedQueue<Throwable>();
            reader.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
            for (long step = 1; step <= 5000; step++) {
                log.append(Samples.report(step));
            }
            reader.join();
            assertEquals(List.of(), List.copyOf(failures));
        }
    }

    private void write(long from, long to) {
        try (var log = MetricLog.open(file)) {
            reports(from, to).forEach(log::append);
        }
    }

    private static List<Report> reports(long from, long to) {
        return LongStream.rangeClosed(from, to).mapToObj(Samples::report).toList();
    }

    private List<Report> read(byte[] bytes) throws Exception {
        Path copy = folder.resolve("copy");
        Files.deleteIfExists(copy);
        Files.write(copy, bytes, StandardOpenOption.CREATE_NEW);
        try (var log = MetricLog.open(copy)) {
            return log.since(0, Integer.MAX_VALUE);
        }
    }
}
