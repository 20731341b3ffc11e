package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import dev.vertigan.run.CheckpointStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The real program in a real browser.
@Tag("browser")
class BrowserTest {

    @TempDir
    private Path temp;

    @RegisterExtension
    static final Chromium chromium = new Chromium();

    private final List<String> errors = new CopyOnWriteArrayList<>();
    private Page page;
    private Program program;
    private int port;

    @BeforeEach
    void open() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        page = chromium.page();
        page.onConsoleMessage(this::note);
        page.onPageError(errors::add);
    }

    /// What Chromium itself says of a server that is gone, or starts again and answers 503 until it serves, is no error of the page.
    private void note(ConsoleMessage message) {
        if (message.type().equals("error") && !message.text().contains("ERR_CONNECTION_REFUSED")
                && !message.text().contains("503 (Service Unavailable)")
                && !message.text().contains("WebSocket connection")) {
            errors.add(message.text());
        }
    }

    @AfterEach
    void close() throws InterruptedException {
        if (program != null) {
            program.kill();
        }
        chromium.closePages();
    }

    @Test
    void aPersonWatchesStopsStepsResumesKillsAndFindsItAgain() throws Exception {
        var folder = temp.resolve("run");
        String address = "http://127.0.0.1:" + port;
        program = Program.start(temp.resolve("log"), "train", "--run-dir", folder.toString(), "--set", "dashboard.port=" + port, "--set",
                "data.size=2000", "--set", "checkpoint.every=200", "--set", "samples.every=20", "--set", "batch=32", "--set", "compute.threads=1");
        Chromium.await(page, () -> program.output().contains("dashboard  " + address));
        page.navigate(address);
        page.waitForSelector("body:not([data-loading])");

        state("RUNNING");
        page.waitForFunction("() => Number(document.querySelector('#loss-chart').dataset.points) > 5");
        page.waitForFunction("() => Number(document.querySelector('#sample-canvas').dataset.step) > 0");
        int drawn = number("#sample-canvas", "step");
        page.waitForFunction("before => Number(document.querySelector('#sample-canvas').dataset.step) > before", drawn);
        int points = number("#loss-chart", "points");
        page.waitForFunction("before => Number(document.querySelector('#loss-chart').dataset.points) > before", points);

        page.click("#stop-button");
        state("STOPPED");
        int stopped = number("#step", "step");
        assertEquals(stopped, CheckpointStore.recover(folder.resolve("checkpoints")).checkpoint().orElseThrow().step(), "Stop leaves a checkpoint");

        page.fill("#step-turns", "3");
        page.click("#step-button");
        page.waitForFunction("step => Number(document.querySelector('#step').dataset.step) === step", stopped + 3);
        state("STOPPED");

        page.fill("[data-path=\"generator.optimiser.rate\"]", "0.0002");
        page.press("[data-path=\"generator.optimiser.rate\"]", "Enter");
        Chromium.await(page, () -> journal(folder).contains("generator.optimiser.rate"));

        page.click("#resume-button");
        state("RUNNING");
        page.waitForFunction("step => Number(document.querySelector('#step').dataset.step) > step + 10", stopped + 3);

        points = number("#loss-chart", "points");
        page.reload();
        page.waitForSelector("body:not([data-loading])");
        state("RUNNING");
        page.waitForFunction("before => Number(document.querySelector('#loss-chart').dataset.points) >= before", points);

        program.kill();
        state("DISCONNECTED");
        int seen = number("#loss-chart", "points");
        assertTrue(seen > 0, "the curves stay while the server is gone");
        program = Program.start(temp.resolve("again"), "resume", folder.toString());
        state("RUNNING");
        page.waitForFunction("step => Number(document.querySelector('#step').dataset.step) > step + 20", stopped);
        page.waitForFunction("() => Number(document.querySelector('#loss-chart').dataset.points) > 5");
        assertEquals(List.of(), errors);
    }

    @Test
    void pointsOfAMixtureAreDrawnToo() throws Exception {
        program = Program.start(temp.resolve("log"), "train", "--preset", "ring-2014", "--run-dir", temp.resolve("ring").toString(), "--set",
                "dashboard.port=" + port, "--set", "samples.every=50", "--set", "compute.threads=1");
        Chromium.await(page, () -> program.output().contains("dashboard  "));
        page.navigate("http://127.0.0.1:" + port);
        page.waitForSelector("body:not([data-loading])");
        state("RUNNING");
        page.waitForFunction("() => Number(document.querySelector('#sample-canvas').dataset.step) > 0");
        assertEquals(List.of(), errors);
    }

    private void state(String state) {
        page.waitForSelector("#state[data-state=" + state + "]");
    }

    private int number(String selector, String data) {
        return Integer.parseInt(page.getAttribute(selector, "data-" + data));
    }

    private static String journal(Path folder) {
        try {
            return Files.readString(folder.resolve("journal.jsonl"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
