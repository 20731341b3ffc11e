package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.bench.Browsers;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Browsers that read, and one that never does, leave the run as it is.
class ManyBrowsersTest {

    private static final int BROWSERS = 50;
    private static final String[] RUN = {"train", "--preset", "ring-2014", "--steps", "1500", "--exit", "--set", "samples.every=50", "--set",
        "compute.threads=1", "--set",
        "dashboard.port=0", "--run-dir"};

    @TempDir
    private Path temp;

    @Test
    void fiftyBrowsersAndOneThatNeverReadsChangeNothing() throws Exception {
        var alone = Program.start(temp.resolve("alone.log"), Program.with(RUN, temp.resolve("alone").toString(), "--no-dashboard"));
        assertEquals(0, alone.end(), alone::output);

        var watched = Program.start(temp.resolve("watched.log"), Program.with(RUN, temp.resolve("watched").toString()));
        while (watched.isAlive() && !watched.output().contains("dashboard  ")) {
            Thread.onSpinWait();
        }
        var address = URI.create(watched.line("dashboard  "));
        try (var browsers = new Browsers(address, BROWSERS)) {
            assertEquals(0, watched.end(), watched::output);
            assertTrue(browsers.frames() > BROWSERS, () -> "the browsers saw only " + browsers.frames() + " frames");
        }
        assertEquals(alone.line("weights sha256 "), watched.line("weights sha256 "));
    }
}
