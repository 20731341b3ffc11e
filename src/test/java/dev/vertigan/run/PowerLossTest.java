package dev.vertigan.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The power goes after each single operation on the disk, and everything that it may leave then is tried, which no killed process can show.
class PowerLossTest {

    private static final int CHECKPOINTS = 8;
    private static final int KEEP = 2;
    private static final int FLOATS = 40;
    private static final long BOOKMARKED = 1;

    @TempDir
    Path temp;

    /// What had been promised when that many operations were done.
    private record Promised(int done, long step, int entries) {}

    private final List<Promised> promised = new ArrayList<>();

    /// A journal entry before each checkpoint, and the checkpoint knows how many there were.
    private LossyDisk record(LossyDisk disk, Path folder) throws IOException {
        promised.clear();
        promised.add(new Promised(0, -1, 0));
        Files.createDirectories(folder.resolve("checkpoints"));
        var store = CheckpointStore.open(folder.resolve("checkpoints"), disk);
        try (var journal = Journal.open(folder.resolve("journal.jsonl"), disk)) {
            for (long step = 0; step < CHECKPOINTS; step++) {
                journal.append(step, Journal.Kind.EDIT);
                promised.add(new Promised(disk.ops().size(), step - 1, journal.position()));
                var checkpoint = Samples.checkpoint(step, FLOATS);
                store.write(new Checkpoint(step, checkpoint.tensors(), Map.of(Checkpoint.JOURNAL_POSITION, Integer.toString(journal.position()))),
                        Retention.ofNewest(KEEP), Map.of(BOOKMARKED, Retention.Reason.BOOKMARK));
                promised.add(new Promised(disk.ops().size(), step, journal.position()));
            }
        }
        return disk;
    }

    /// Tries everything that a power cut may leave.
    ///
    /// @return how many states there were
    private int check(LossyDisk disk, Path recorded) throws IOException {
        Set<String> seen = new HashSet<>();
        for (int done = 0; done <= disk.ops().size(); done++) {
            int now = done;
            var kept = promised.stream().filter(promise -> promise.done <= now).max(Comparator.comparingInt(Promised::done)).orElseThrow();
            for (var state : disk.after(done)) {
                if (seen.add(kept + state.key())) {
                    var folder = Files.createDirectory(temp.resolve("state-" + seen.size()));
                    state.into(folder, recorded);
                    assertKept(kept, folder, "after operation " + done);
                }
            }
        }
        return seen.size();
    }

    private static void assertKept(Promised kept, Path folder, String when) throws IOException {
        var recovery = Files.exists(folder.resolve("checkpoints"))
                ? CheckpointStore.recover(folder.resolve("checkpoints"))
                : new CheckpointStore.Recovery(Optional.empty(), List.of());
        long step = recovery.checkpoint().map(Checkpoint::step).orElse(-1L);
        assertTrue(step >= kept.step, () -> when + ": expected the checkpoint of step " + kept.step + " or later, found " + step);
        if (kept.step >= BOOKMARKED) {
            assertEquals(BOOKMARKED, CheckpointStore.newest(folder.resolve("checkpoints"), BOOKMARKED).checkpoint().orElseThrow().step(), when);
        }
        try (var journal = Journal.open(folder.resolve("journal.jsonl"))) {
            var steps = journal.entries().stream().map(Journal.Entry::step).toList();
            assertTrue(steps.size() >= kept.entries, () -> when + ": expected at least " + kept.entries + " entries, found " + steps.size());
            assertEquals(LongStream.range(0, steps.size()).boxed().toList(), steps, when);
            recovery.checkpoint().ifPresent(checkpoint -> {
                int position = Integer.parseInt(checkpoint.metadata().get(Checkpoint.JOURNAL_POSITION));
                assertTrue(position <= journal.position(), () -> when + ": the journal is shorter than the checkpoint knew it");
                var expected = Samples.checkpoint(checkpoint.step(), FLOATS);
                assertEquals(expected.sha256(), checkpoint.sha256(), when);
            });
        }
    }

    @Test
    void leavesThePreviousCheckpointOrTheNewAndTheBeginningOfTheJournal() throws IOException {
        var recorded = temp.resolve("recorded");
        var disk = record(new LossyDisk(false, false), recorded);
        int states = check(disk, recorded);
        assertTrue(states > 300, "only " + states + " states were tried");
    }

    /// The test sees what it is to see: a store that forgets to force files, or folders, loses something.
    @Test
    void aDiskThatIsNotForcedIsNoticed() throws IOException {
        for (boolean files : new boolean[] {true, false}) {
            var recorded = temp.resolve("forgetful-" + files);
            var disk = record(new LossyDisk(files, !files), recorded);
            var lost = assertThrows(Throwable.class, () -> check(disk, recorded));
            assertFalse(lost instanceof IOException, lost::toString);
            try (var states = Files.list(temp)) {
                for (var state : states.filter(path -> path.getFileName().toString().startsWith("state-")).toList()) {
                    try (var tree = Files.walk(state)) {
                        for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                            Files.delete(path);
                        }
                    }
                }
            }
        }
    }
}
