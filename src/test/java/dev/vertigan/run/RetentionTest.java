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
        int drawn = 20_000;
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
