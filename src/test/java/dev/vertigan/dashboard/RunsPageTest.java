package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.vertigan.bus.Addresses;
import dev.vertigan.cli.Chromium;
import dev.vertigan.values.OpenRun;
import dev.vertigan.values.Status;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// What a person sees and does of the runs beside the one that is shown, which the test makes up: the run itself, and a fork of it at step 2,000.
@Tag("browser")
class RunsPageTest {

    @RegisterExtension
    static final Chromium chromium = new Chromium();

    @TempDir
    private Path temp;

    private TwoRuns runs;

    private Dashboard serve() {
        runs = new TwoRuns(temp);
        var dashboard = new Dashboard(Dashboard.LOOPBACK, LiveLimits.DEFAULT, ConnectionLimits.ofProcess(),
                new Kept((since, _, _) -> TwoRuns.reports(since + 1, 4_000, 1), Samples.none(), _ -> List.of(), runs));
        dashboard.status = Dashboard.status(Status.State.STOPPED, 4_000);
        return dashboard;
    }

    private static Page visit(Dashboard dashboard, String hash) {
        var page = chromium.page();
        page.addInitScript(
                "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shift += entry.value; }))"
                        + ".observe({ type: 'layout-shift', buffered: true });");
        page.navigate(dashboard.page + "/" + hash);
        page.waitForSelector("body:not([data-loading])");
        return page;
    }

    /// Of D's loss, how many pixels in its colour there are between two steps and two values, of a window of 300 steps and an axis from 0 to 10.
    private static int blue(Page page, double fromStep, double toStep, double fromValue, double toValue) {
        return ((Number) page.evaluate("""
                ([left, right, bottom, top]) => {
                  const canvas = document.querySelector('#loss-chart canvas');
                  const ratio = canvas.width / canvas.clientWidth;
                  const width = canvas.clientWidth - 46 - 38, height = canvas.clientHeight - 10 - 24;
                  const x = 46 + left * width, y = 10 + (1 - top) * height;
                  const { data } = canvas.getContext('2d').getImageData(x * ratio, y * ratio,
                      (right - left) * width * ratio, (top - bottom) * height * ratio);
                  let blue = 0;
                  for (let at = 0; at < data.length; at += 4) {
                    blue += data[at + 3] > 100 && data[at + 2] > data[at] + 100 ? 1 : 0;
                  }
                  return blue;
                }""", List.of((fromStep - 1_900) / 300, (toStep - 1_900) / 300, fromValue / 10, toValue / 10))).intValue();
    }

    @Test
    void aForkIsDrawnOverItsParentFromTheVeryStepWhereItLeftIt() {
        try (var dashboard = serve(); var page = visit(dashboard, "#smooth=0&zoom=1900-2200&with=" + TwoRuns.FORK)) {
            page.waitForSelector("#loss-chart[data-others='gentler']");
            page.waitForSelector(".over [data-run='gentler']");
            assertTrue(blue(page, 2_020, 2_080, 1.7, 2.7) > 5, "from 1, the parent's, at step 2,000 to 3 at step 2,100");
            assertEquals(0, blue(page, 1_910, 1_990, 1.7, 2.7), "not before");
            page.waitForSelector("run-compare figure[data-step='4000']");
            double shift = ((Number) page.evaluate("() => window.shift")).doubleValue();
            assertTrue(shift < 0.05, () -> "layout shift " + shift);
            page.click(".over button");
            page.waitForSelector("#loss-chart[data-others='']", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.ATTACHED));
            assertEquals(0, blue(page, 2_020, 2_080, 1.7, 2.7), "it is gone");
            assertTrue(page.isHidden("run-compare"));
        }
    }

    @Test
    void whatIsDrawnOverTheRunHasItsPlaceBeforeItIsKnown() {
        try (var dashboard = serve(); var page = visit(dashboard, "")) {
            var held = new AtomicReference<Route>();
            page.route("**/api/runs/*/history*", held::set);
            page.click("#run-details summary");
            page.check("[aria-label='Draw gentler over this run']");
            Chromium.await(page, () -> held.get() != null);
            double height = page.locator("run-compare").boundingBox().height;
            held.get().resume();
            page.waitForSelector("run-compare figure[data-step='4000']");
            assertEquals(height, page.locator("run-compare").boundingBox().height);
        }
    }

    @Test
    void aRunIsArchivedRenamedAndAfterAQuestionDeleted() throws IOException {
        try (var dashboard = serve(); var page = visit(dashboard, "")) {
            dashboard.bus.publish(Addresses.STATUS, Dashboard.status(Status.State.STOPPED, 4_321));
            page.waitForSelector("#step[data-step='4321']");
            page.click("#run-details summary");
            page.waitForSelector("[aria-label='Do with gentler']");
            // Where it is, not where it was saved.
            page.waitForFunction("() => document.querySelector('run-list [aria-current] .number')?.textContent.trim() === '4,321'");
            for (int width : new int[] {1440, 1024, 390}) {
                page.setViewportSize(width, 900);
                assertEquals(0, page.evaluate("() => { const { scrollWidth, clientWidth } = document.querySelector('run-list .scroll');"
                        + " return Math.max(0, scrollWidth - clientWidth); }"), "pixels of the table out of sight at " + width);
            }
            page.selectOption("[aria-label='Do with gentler']", "Archive");
            page.waitForSelector("tr[data-run='gentler']", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.DETACHED));
            page.check("#run-archived");
            page.selectOption("[aria-label='Do with gentler']", "Bring back");
            Chromium.await(page, () -> runs.done().size() == 2);
            page.selectOption("[aria-label='Do with gentler']", "Rename");
            page.fill("#new-name", "kinder");
            page.click("text='Rename' >> visible=true >> nth=-1");
            Chromium.await(page, () -> runs.done().size() == 3);
            page.waitForSelector("tr[data-run='gentler']");
            page.selectOption("[aria-label='Do with gentler']", "Delete");
            page.click("dialog.question button.primary");
            page.waitForSelector("dialog.question", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.DETACHED));
            assertEquals(3, runs.done().size(), "it is kept");
            page.waitForSelector("tr[data-run='gentler']");
            page.selectOption("[aria-label='Do with gentler']", "Delete");
            page.click("dialog.question button.danger");
            Chromium.await(page, () -> runs.done().size() == 4);
            assertEquals(List.of("note gentler [archived]", "note gentler []", "rename gentler kinder", "delete gentler"), runs.done());
            assertEquals(List.of("Do …", "Save its newest checkpoint"), page.locator("[aria-label='Do with " + TwoRuns.PARENT + "'] option")
                    .allTextContents(), "nothing is done to the run that is played");
            var saved = page.waitForDownload(() -> page.selectOption("[aria-label='Do with " + TwoRuns.PARENT + "']", "Save its newest checkpoint"));
            assertEquals(TwoRuns.PARENT + "-10.safetensors", saved.suggestedFilename());
            assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(saved.path()));
            assertEquals(400, dashboard.request(HttpMethod.DELETE, "/api/runs/" + TwoRuns.PARENT, Map.of(), "").status());
        }
    }

    @Test
    void aDrawingBecomesTheDataOfARunThatIsPlayed() throws IOException {
        try (var dashboard = serve(); var page = visit(dashboard, "")) {
            var played = new CopyOnWriteArrayList<String>();
            dashboard.bus.serve(OpenRun.class, asked -> {
                played.add(asked.name());
                return new OpenRun.Opening(asked.name());
            });
            page.click("#new-run");
            page.waitForSelector(".preset");
            var box = page.locator("#sketch").boundingBox();
            page.mouse().move(box.x + 20, box.y + 90);
            page.mouse().down();
            page.mouse().move(box.x + 160, box.y + 90);
            page.mouse().up();
            page.fill("#new-run-name", "mine");
            page.fill("#new-run-settings", "batch=7");
            page.click("#begin");
            page.waitForFunction("() => document.querySelector('#new-run-told').textContent.includes('batch: expected')");
            page.fill("#new-run-settings", "seed=5");
            page.click("#begin");
            Chromium.await(page, () -> !played.isEmpty());
            assertEquals(List.of("mine"), played);
            assertEquals(List.of("begin mine ring {data.name=\"drawing\", data.spread=1.5, seed=5} own-N"), runs.done());
            try (var sent = Files.walk(temp)) {
                var drawing = ImageIO.read(sent.filter(file -> file.endsWith("drawing.png")).findFirst().orElseThrow().toFile());
                assertEquals(0, drawing.getRGB(128, 128) & 0xFF, "dark on the line");
                assertEquals(255, drawing.getRGB(128, 30) & 0xFF, "white beside it");
            }
        }
    }

    @Test
    void aFileThatIsNoDataIsRefusedInWordsAndAPresetIsChosenByItsPicture() {
        try (var dashboard = serve(); var page = visit(dashboard, "")) {
            dashboard.bus.serve(OpenRun.class, asked -> new OpenRun.Opening(asked.name()));
            var errors = new CopyOnWriteArrayList<String>();
            page.onConsoleMessage(message -> errors.addAll(message.type().equals("error") ? List.of(message.text()) : List.of()));
            page.click("#new-run");
            page.waitForSelector(".preset:has([value=mnist]) .blank");
            assertEquals(List.of(), errors, "data that are not on the disk are no fault");
            page.setInputFiles("#own-files", new FilePayload("notes.txt", "text/plain", new byte[] {1}));
            page.waitForFunction("() => document.querySelector('#new-run-told').textContent.endsWith('found notes.txt.')");
            page.setInputFiles("#own-files", new FilePayload("x.npy", "application/octet-stream", new byte[64]));
            page.waitForFunction("() => document.querySelector('#new-run-told').textContent.includes('does not begin like one')");
            page.check("input[value='mnist']");
            page.click("#begin");
            page.waitForSelector("#new-run-dialog:not([open])", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.ATTACHED));
            assertTrue(runs.done().getFirst().matches("begin [\\d-]+mnist mnist \\{}"), runs.done()::toString);
        }
    }
}
