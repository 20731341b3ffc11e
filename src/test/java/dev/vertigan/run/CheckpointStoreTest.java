package dev.vertigan.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {

    @TempDir
    Path folder;

    @Test
    void keepsTheNewest() throws Exception {
        var store = CheckpointStore.open(folder);
        assertEquals(Optional.empty(), store.newestVerified());
        assertEquals(new CheckpointStore.Recovery(Optional.empty(), List.of()), store.recover());
        for (long step : new long[] {0, 10, 20, 30, 40, 50}) {
            var written = store.write(Samples.checkpoint(step), 3);
            assertEquals(Optional.of(written), store.newestVerified());
        }
        assertEquals(List.of(name(30), name(40), name(50)), names());
        var recovery = CheckpointStore.open(folder).recover();
        assertTrue(Samples.same(Samples.checkpoint(50), recovery.checkpoint().orElseThrow()));
        assertEquals(List.of(), recovery.rejected());
    }

    @Test
    void aStepCanBeWrittenAgain() throws Exception {
        CheckpointStore.open(folder).write(Samples.checkpoint(10), 2);
        var store = CheckpointStore.open(folder);
        store.recover();
        store.write(Samples.checkpoint(10), 2);
        store.write(Samples.checkpoint(10), 2);
        assertEquals(List.of(name(10)), names());
        assertTrue(Samples.same(Samples.checkpoint(10), store.recover().checkpoint().orElseThrow()));
    }

    @Test
    void timeRunsForward() {
        var store = CheckpointStore.open(folder);
        store.write(Samples.checkpoint(10), 2);
        assertThrows(IllegalArgumentException.class, () -> store.write(Samples.checkpoint(9), 2));
        assertThrows(IllegalArgumentException.class, () -> store.write(Samples.checkpoint(11), 1));
    }

    @Test
    void whateverHappensToTheNewestThePreviousOneIsFound() throws Exception {
        var store = CheckpointStore.open(folder);
        store.write(Samples.checkpoint(10), 3);
        Path newest = store.write(Samples.checkpoint(20), 3).file();
        byte[] good = Files.readAllBytes(newest);
        var random = new Random(5);
        for (int round = 0; round < 200; round++) {
            byte[] bad = round % 2 == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            if (round % 2 == 1) {
                bad[random.nextInt(good.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(newest, bad);
            var recovery = CheckpointStore.recover(folder);
            assertTrue(Samples.same(Samples.checkpoint(10), recovery.checkpoint().orElseThrow()));
            assertEquals(List.of(newest), recovery.rejected().stream().map(CheckpointStore.Rejected::file).toList());
            assertTrue(recovery.rejected().getFirst().reason().contains("expected"));
        }
    }

    @Test
    void aRejectedFileNeverBecomesTheFutureAgain() throws Exception {
        var first = CheckpointStore.open(folder);
        first.write(Samples.checkpoint(10), 2);
        Path newest = first.write(Samples.checkpoint(20), 2).file();
        byte[] good = Files.readAllBytes(newest);
        Files.write(newest, new byte[7]);

        var second = CheckpointStore.open(folder);
        second.recover();
        second.write(Samples.checkpoint(15), 2);
        assertEquals(List.of(name(10), name(15), name(20) + ".rejected"), names());

        Files.write(folder.resolve(name(20) + ".rejected"), good);
        assertEquals(15, CheckpointStore.open(folder).recover().checkpoint().orElseThrow().step());
    }

    /// A file that was good when written and is bad now, found out by the process that wrote it.
    @Test
    void aRunCanGoOnFromBeforeABadFile() throws Exception {
        var store = CheckpointStore.open(folder);
        store.write(Samples.checkpoint(10), 2);
        Files.write(store.write(Samples.checkpoint(20), 2).file(), new byte[7]);
        assertEquals(10, store.recover().checkpoint().orElseThrow().step());
        assertEquals(10, store.newestVerified().orElseThrow().step());
        store.write(Samples.checkpoint(15), 2);
        store.write(Samples.checkpoint(20), 2);
        assertEquals(List.of(name(15), name(20), name(20) + ".rejected"), names());
    }

    /// Files that are bad, or not yet known to be good, never push out the two that are.
    @Test
    void theTwoNewestVerifiedStay() throws Exception {
        var first = CheckpointStore.open(folder);
        first.write(Samples.checkpoint(10), 2);
        first.write(Samples.checkpoint(20), 2);
        for (int step : new int[] {12, 14, 16}) {
            Files.write(folder.resolve(name(step)), new byte[] {1});
        }
        var second = CheckpointStore.open(folder);
        second.write(Samples.checkpoint(30), 2); // knows of one good file only: removes nothing
        assertEquals(6, names().size());
        second.write(Samples.checkpoint(40), 2);
        assertEquals(List.of(name(30), name(40)), names());
    }

    @Test
    void refusesToStartOverWhenAllAreBad() throws Exception {
        var store = CheckpointStore.open(folder);
        store.write(Samples.checkpoint(10), 2);
        store.write(Samples.checkpoint(20), 2);
        Files.write(folder.resolve(name(10)), new byte[0]);
        Files.write(folder.resolve(name(20)), new byte[0]);
        var failure = assertThrows(UserError.class, () -> CheckpointStore.open(folder).recover());
        assertTrue(failure.getMessage().contains(name(10)) && failure.getMessage().contains(name(20)), failure::getMessage);
        assertTrue(failure.getMessage().contains("Starting over would lose the run"), failure::getMessage);
        assertEquals(List.of(name(10), name(20)), names());

        Files.delete(folder.resolve(name(10)));
        Files.move(folder.resolve(name(20)), folder.resolve(name(20) + ".rejected"));
        assertThrows(UserError.class, () -> CheckpointStore.open(folder).recover());
    }

    @Test
    void aFileUnderAnotherStepsNameIsRejected() throws Exception {
        var store = CheckpointStore.open(folder);
        store.write(Samples.checkpoint(10), 2);
        Files.copy(folder.resolve(name(10)), folder.resolve(name(30)));
        var recovery = store.recover();
        assertEquals(10, recovery.checkpoint().orElseThrow().step());
        assertTrue(recovery.rejected().getFirst().reason().contains("expected metadata step 30, found 10"));
    }

    @Test
    void aFileWithANaNIsRejected() throws Exception {
        var store = CheckpointStore.open(folder);
        store.write(Samples.checkpoint(10), 2);
        var tensors = new java.util.TreeMap<>(Samples.checkpoint(20).tensors());
        tensors.get("generator.steps").set(0, Double.NaN);
        Safetensors.write(folder.resolve(name(20)), tensors, Map.of("step", "20"));
        var recovery = store.recover();
        assertEquals(10, recovery.checkpoint().orElseThrow().step());
        assertTrue(recovery.rejected().getFirst().reason().contains("NaN"));
    }

    @Test
    void whatACrashLeftHalfWrittenIsRemovedByTheNextWriterOnly() throws Exception {
        CheckpointStore.open(folder).write(Samples.checkpoint(10), 2);
        Files.write(folder.resolve(name(20) + ".tmp"), new byte[100]);
        assertEquals(10, CheckpointStore.recover(folder).checkpoint().orElseThrow().step());
        assertEquals(2, names().size());
        CheckpointStore.open(folder);
        assertEquals(List.of(name(10)), names());
    }

    @Test
    void aFailedWriteLosesNothing() throws Exception {
        var store = CheckpointStore.open(folder);
        store.write(Samples.checkpoint(10), 2);
        Files.createDirectory(folder.resolve(name(20))); // where the file should go
        Files.createFile(folder.resolve(name(20)).resolve("x"));
        var failure = assertThrows(UserError.class, () -> store.write(Samples.checkpoint(20), 2));
        assertTrue(failure.getMessage().contains("step 20") && failure.getMessage().contains("stands, at step 10"), failure::getMessage);
        assertEquals(List.of(name(10), name(20)), names());
        assertEquals(10, store.recover().checkpoint().orElseThrow().step());
        Files.delete(folder.resolve(name(20)).resolve("x"));
        Files.delete(folder.resolve(name(20)));
        store.write(Samples.checkpoint(20), 2);
        assertEquals(20, store.recover().checkpoint().orElseThrow().step());
    }

    @Test
    void aFolderThatIsAFileIsExplained() throws Exception {
        Path file = Files.createFile(folder.resolve("checkpoints"));
        assertTrue(assertThrows(UserError.class, () -> CheckpointStore.open(file)).getMessage().contains(file.toString()));
        assertThrows(UserError.class, () -> CheckpointStore.recover(file));
    }

    @Test
    void noFolderIsNoCheckpoint() {
        assertFalse(CheckpointStore.recover(folder.resolve("none")).checkpoint().isPresent());
    }

    private static String name(long step) {
        return "step-%09d.safetensors".formatted(step);
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
