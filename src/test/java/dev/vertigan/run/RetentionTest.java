package dev.vertigan.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.values.Picture;
import dev.vertigan.values.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a run of any length leaves on the disk is bounded, and what is left is worth keeping.
class RetentionTest {

    private static final int KILOBYTE = 1000;

    @TempDir
    Path folder;

    private static Picture picture(long step, int bytes) {
        return new Picture(Picture.Source.FAKE, Picture.Format.POINTS, step, 1, 1, bytes / 4, new byte[bytes]);
    }

    private long size() throws IOException {
        try (var files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static long largestGap(List<Long> steps, int from, int to) {
        long largest = 0;
        for (int i = from + 1; i < to; i++) {
            largest = Math.max(largest, steps.get(i) - steps.get(i - 1));
        }
        return largest;
    }

    @Test
    void picturesStayWithinTheirBudgetDenseAtBothEnds() throws IOException {
        var store = PictureStore.open(folder);
        int every = 10;
        int drawn = 5_000;
        long budget = 200 * 4096;
        for (long i = 1; i <= drawn; i++) {
            store.save(picture(i * every, 500), budget);
        }
        var steps = new ArrayList<>(store.steps());
        assertEquals(200, steps.size(), "the disk's blocks count");
        assertEquals(every, steps.getFirst());
        assertEquals((long) drawn * every, steps.getLast());
        assertEquals(every, largestGap(steps, 150, 200), "the newest quarter is whole");
        assertEquals(every, largestGap(steps, 0, 5), "so is the beginning");
        for (int i = 1; i < 150; i++) { // between, none is missed much: gaps grow with the step
            long gap = steps.get(i) - steps.get(i - 1);
            assertTrue(gap <= Math.max(every, 0.25 * steps.get(i)), gap + " turns without a picture before " + steps.get(i));
        }
        assertEquals(steps, new ArrayList<>(PictureStore.open(folder).steps()), "the files are those it knows of");
        assertTrue(size() <= budget);
    }

    @Test
    void thereAreNoMoreThanASliderCanShow() throws IOException {
        var store = PictureStore.open(folder);
        for (long step = 0; step < PictureStore.MOST + 500; step++) {
            store.save(picture(step, 4), Long.MAX_VALUE);
        }
        assertEquals(PictureStore.MOST, store.steps().size());
    }

    @Test
    void largePicturesAreFewer() throws IOException {
        var store = PictureStore.open(folder);
        for (long step = 0; step < 100; step++) {
            store.save(picture(step, 100 * KILOBYTE), 1000 * KILOBYTE);
        }
        assertTrue(size() <= 1000 * KILOBYTE && store.steps().size() >= 9, store.steps().toString());
    }

    /// As a run of that many checkpoints leaves them.
    private static TreeMap<Long, Long> kept(Retention retention, int checkpoints, long every, Map<Long, Retention.Reason> marks) {
        var bytes = new TreeMap<Long, Long>();
        for (long i = 0; i < checkpoints; i++) {
            bytes.put(i * every, (long) KILOBYTE);
            retention.surplus(bytes, marks).forEach(bytes::remove);
            if (i > 0) {
                assertTrue(bytes.containsKey(i * every) && bytes.containsKey((i - 1) * every), "the two newest stay");
            }
        }
        return bytes;
    }

    @Test
    void checkpointsAreSpreadEvenlyWithinTheirBudget() {
        for (int checkpoints : new int[] {50, 333, 4_000}) {
            var steps = new ArrayList<>(kept(new Retention(3, 40 * KILOBYTE), checkpoints, 100, Map.of()).keySet());
            assertEquals(40, steps.size());
            long mean = 100L * checkpoints / 40;
            assertTrue(steps.getFirst() <= 2 * mean && largestGap(steps, 0, 40) <= 2 * mean + 100,
                    () -> "after " + checkpoints + ": " + steps);
        }
        assertEquals(List.of(4700L, 4800L, 4900L), List.copyOf(kept(Retention.ofNewest(3), 50, 100, Map.of()).keySet()));
        assertEquals(Retention.MOST, kept(new Retention(2, Long.MAX_VALUE), 700, 1, Map.of()).size());
    }

    @Test
    void whatIsPinnedStaysAndWhatIsBeforeAnEditGoesLast() {
        var marks = Map.of(300L, Retention.Reason.BEST, 500L, Retention.Reason.BOOKMARK, 900L, Retention.Reason.BRANCH, 1100L,
                Retention.Reason.BEFORE_EDIT, 1500L, Retention.Reason.BEFORE_EDIT);
        assertEquals(List.of(300L, 500L, 900L, 1100L, 1500L, 1800L, 1900L),
                List.copyOf(kept(new Retention(2, 7 * KILOBYTE), 20, 100, marks).keySet()));
        assertEquals(List.of(300L, 500L, 900L, 1800L, 1900L), List.copyOf(kept(Retention.ofNewest(2), 20, 100, marks).keySet()));
    }

    @Test
    void theJournalSaysWhatIsWorthKeeping() {
        var file = folder.resolve("journal.jsonl");
        try (var journal = Journal.open(file)) {
            journal.append(0, Journal.Kind.ORIGIN);
            journal.append(10, Journal.Kind.EDIT);
            journal.append(20, Journal.Kind.BEST);
            journal.append(30, Journal.Kind.BOOKMARK);
            journal.append(30, Journal.Kind.EDIT);
            journal.append(40, Journal.Kind.BEST);
            journal.append(50, Journal.Kind.ROLLBACK);
        }
        try (var journal = Journal.open(file)) {
            assertEquals(Map.of(10L, Retention.Reason.BEFORE_EDIT, 30L, Retention.Reason.BOOKMARK, 40L, Retention.Reason.BEST, 50L,
                    Retention.Reason.BRANCH), journal.marks(), "and one is the best");
        }
    }

    /// The file holds what is in memory, so curves are the same after it was opened again; the recent past is whole.
    @Test
    void reportsAreThinnedWhenTheyTakeTooMuch() throws IOException {
        var file = folder.resolve("metrics.jsonl");
        long most = 300 * KILOBYTE;
        int reports = 20_000;
        List<Report> curve;
        try (var log = MetricLog.open(file, 1000, Long.MAX_VALUE, most)) {
            for (long step = 1; step <= reports; step++) {
                log.append(Samples.report(step));
                assertTrue(Files.size(file) <= most + KILOBYTE, "at step " + step);
            }
            curve = log.since(0, 1 << 20);
            log.rewindTo(reports - 10);
            assertEquals(reports - 10, log.newest().orElseThrow().step());
            log.append(Samples.report(reports - 5));
        }
        assertEquals(1, curve.getFirst().step());
        assertEquals(reports, curve.getLast().step());
        assertEquals(300, curve.stream().filter(report -> report.step() > reports - 300).count(), "the recent past is whole");
        for (var report : curve) {
            assertEquals(Samples.report(report.step()), report);
        }
        try (var log = MetricLog.open(file, 1000, Long.MAX_VALUE, most)) {
            assertEquals(reports - 5, log.newest().orElseThrow().step());
            assertTrue(log.since(0, 1 << 20).size() > 300);
        }
    }
}
