package dev.vertigan.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The image is built for real, and its program runs in it as nobody, on a root that is never written.
@Tag("long")
class ImageTest {

    @Test
    void itTrainsOnAReadOnlyRootAndSavesWhenItIsStopped(@TempDir Path folder) throws IOException, InterruptedException {
        Tool.named("buildah");
        Tool.named("debootstrap");
        Tool.named("unshare");
        assumeTrue(System.getProperty("user.name").equals("root"), "only root can mount");
        var script = Tool.TOP.resolve("src/test/resources/dev/vertigan/monitoring/image.sh");
        var result = Tool.named("bash").run(folder, script.toString(), Tool.TOP.toString(), folder.toString(), System.getProperty("java.home"));
        assertEquals(0, result.code(), result.output());
        assertTrue(result.output().contains("10001:10001 SIGTERM [vertigan]"), result.output());
        assertEquals(2, result.output().split("ended with 143\n", -1).length - 1, result.output());
        var saved = Pattern.compile("saved step (\\d+)").matcher(result.output()).results().mapToLong(found -> Long.parseLong(found.group(1)))
                .toArray();
        assertEquals(2, saved.length, result.output());
        assertTrue(saved[1] > saved[0] + 100, "the second start went on from the first's checkpoint: " + result.output());
        assertTrue(Files.exists(folder.resolve("runs/ring/config.json")));
    }
}
