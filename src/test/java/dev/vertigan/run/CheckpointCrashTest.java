package dev.vertigan.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vertigan.LongForm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real processes, really killed while they write.
class CheckpointCrashTest {

    private static final int FLOATS = 300_000;
    private static final int MOST = 50; // rounds

    @TempDir
    Path folder;

    @Test
    void aKilledWriterNeverLosesWhatItReported() throws Exception {
        kill(6);
    }

    @Test
    @Tag("long")
    void aWriterThatIsKilledManyTimesNeverLosesWhatItReported() throws Exception {
        kill(LongForm.of(20, MOST));
    }

    private void kill(int rounds) throws Exception {
        var random = new Random();
        long newest = 0;
        int halfWritten = 0;
        for (int round = 0; round < rounds || halfWritten == 0 && round < MOST; round++) {
            Process child = Child.start(List.of(), "checkpoints", folder.toString(), Long.toString(newest + 1), Integer.toString(FLOATS));
            try (var output = child.inputReader()) {
                newest = Long.parseLong(output.readLine());
                Path begun = Durable.temporary(folder.resolve("step-%09d.safetensors".formatted(newest + 1)));
                while (round % 2 == 1 && child.isAlive() && Files.notExists(begun) && !output.ready()) {
                    Thread.onSpinWait(); // every second kill hits a write, the others anything
                }
                child.waitFor(random.nextInt(round % 2 == 1 ? 5_000 : 50_000), TimeUnit.MICROSECONDS); // the random moment
                List<String> rest = Child.kill(child, output);
                newest = rest.isEmpty() ? newest : Long.parseLong(rest.getLast());
            }
            try (var files = Files.newDirectoryStream(folder, "*.tmp")) {
                halfWritten += files.iterator().hasNext() ? 1 : 0;
            }
            var recovery = CheckpointStore.open(folder).recover();
            var recovered = recovery.checkpoint().orElseThrow();
            assertTrue(recovered.step() >= newest, "recovered step %d, but %d had been reported".formatted(recovered.step(), newest));
            assertTrue(Samples.same(Samples.checkpoint(recovered.step(), FLOATS), recovered));
            assertEquals(List.of(), recovery.rejected());
            newest = recovered.step();
        }
        assertTrue(halfWritten > 0, "no kill hit a write, so nothing was tested");
    }

    /// A limit on the size of files stands in for a full disk: the second write of the child fails half way.
    @Test
    void aFullDiskLosesNothing() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "needs bash to limit the size of files");
        CheckpointStore.open(folder).write(Samples.checkpoint(1, 1000), 2);
        Process child = Child.start(List.of("/bin/bash", "-c", "ulimit -f 100; exec \"$@\"", "bash"),
                "checkpoints", folder.toString(), "2", Integer.toString(FLOATS));
        String said = new String(child.getInputStream().readAllBytes());
        assertEquals(2, child.waitFor(), said);
        assertTrue(said.contains("checkpoint of step 2: could not be written") && said.contains("stands, at step 1"), said);
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
        assertTrue(Samples.same(Samples.checkpoint(1, 1000), CheckpointStore.recover(folder).checkpoint().orElseThrow()));
    }
}
