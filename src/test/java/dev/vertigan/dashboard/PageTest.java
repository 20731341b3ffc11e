package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.WebSocketRoute;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Failure;
import dev.vertigan.cli.Chromium;
import dev.vertigan.config.RunConfig;
import dev.vertigan.values.Command;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.Finding;
import dev.vertigan.values.Metric;
import dev.vertigan.values.PastRequest;
import dev.vertigan.values.Picture;
import dev.vertigan.values.Report;
import dev.vertigan.values.Reports;
import dev.vertigan.values.Status;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a person sees of a run that the test plays.
@Tag("browser")
class PageTest {

    /// A function of the page: what is wider than the panel that it is in.
    private static final String OUTSIDE = """
            () => [...document.querySelectorAll('.panel')].flatMap((panel) => {
              const box = panel.getBoundingClientRect();
              return [...panel.querySelectorAll('.legend, .tabs button, input, button, svg, canvas')]
                .filter((part) => part.checkVisibility() && !part.closest('details'))
                .filter((part) => part.getBoundingClientRect().right > box.right + 1 || part.getBoundingClientRect().left < box.left - 1)
                .map((part) => part.outerHTML.slice(0, 80));
            })""";

    private static final RunConfig CONFIG = Dashboard.CONFIG;

    @RegisterExtension
    static final Chromium chromium = new Chromium();

    private static Dashboard dashboard;
    private static final List<Report> HISTORY = new CopyOnWriteArrayList<>();
    private static final List<Events.Event> JOURNAL = new CopyOnWriteArrayList<>();
    private static final AtomicReference<List<Report>> EXACT = new AtomicReference<>(List.of()); // of a window, beside the history
    private static final List<PastRequest.Visit> VISITS = new CopyOnWriteArrayList<>();
    private static final AtomicReference<PastRequest.Visited.State> WAY = new AtomicReference<>(); // how far the newest is
    private Page page;

    @BeforeAll
    static void open() {
        dashboard = new Dashboard(Dashboard.LOOPBACK, LiveLimits.DEFAULT, ConnectionLimits.ofProcess(),
                new Kept((since, to, limit) -> to < Long.MAX_VALUE && !EXACT.get().isEmpty() ? EXACT.get() : between(since, to, limit),
                        Samples.none(), _ -> JOURNAL,
                        Runs.none()));
        dashboard.bus.serve(PastRequest.Visit.class, visit -> {
            VISITS.add(visit);
            return visited(PastRequest.Visited.State.PLAYING, visit.step());
        });
        dashboard.bus.serve(PastRequest.GetVisit.class, _ -> visited(WAY.get(), VISITS.getLast().step()));
    }

    /// Of too many some, and the last.
    private static List<Report> between(long since, long to, int limit) {
        var reports = HISTORY.stream().filter(report -> report.step() > since && report.step() <= to).toList();
        int every = Math.ceilDiv(reports.size(), limit);
        return IntStream.range(0, reports.size()).filter(row -> row % Math.max(1, every) == 0 || row == reports.size() - 1).mapToObj(reports::get)
                .toList();
    }

    @AfterAll
    static void close() {
        dashboard.close();
    }

    @BeforeEach
    void begin() {
        HISTORY.clear();
        JOURNAL.clear();
        VISITS.clear();
        WAY.set(PastRequest.Visited.State.PLAYING);
        EXACT.set(List.of());
        dashboard.commands.clear();
        dashboard.delay = Future.succeededFuture();
        dashboard.refusal = Optional.empty();
        become(Status.State.RUNNING, 0);
    }

    @AfterEach
    void leave() {
        if (page != null) {
            page.close();
        }
    }

    private static void become(Status.State state, long step) {
        become(new Status(state, step, 20_000, 3.5, 41_000, Optional.empty(), Optional.of(0L), 0, CONFIG.live(), Optional.empty()));
    }

    private static void become(Status status) {
        dashboard.status = status;
        dashboard.bus.publish(Addresses.STATUS, status);
    }

    /// D's loss falls from guessing by what is told; the scores are what such a loss means.
    private static Report report(long step, double lossD, double millis) {
        double score = Math.exp(-lossD / 2);
        return Reports.of(step, 1_700_000_000_000L + step, lossD, 0.7, score, 1 - score, 2, 3, 0.001, 0.002, millis, 50_000);
    }

    private void visit(Page fresh, String hash) {
        page = fresh;
        page.addInitScript(
                "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shift += entry.value; }))"
                        + ".observe({ type: 'layout-shift', buffered: true });");
        page.navigate(dashboard.page + "/" + hash);
        page.waitForSelector("body:not([data-loading])");
        page.waitForFunction("points => Number(document.querySelector('#loss-chart').dataset.points) === points", HISTORY.size());
    }

    private void visit() {
        visit(chromium.page(), "");
    }

    private static void history(int reports) {
        for (int i = 1; i <= reports; i++) {
            HISTORY.add(report(10L * i, i <= reports / 2 ? 0.5 : 1.38, i <= reports / 2 ? 7.5 : 1040));
        }
        become(Status.State.STOPPED, 10L * reports);
    }

    private BoundingBox plot() {
        return page.locator("#loss-chart .overlay").boundingBox();
    }

    @Test
    void ofAHundredThousandReportsNoneIsLeftOut() {
        HISTORY.addAll(LongStream.rangeClosed(1, 100_000).mapToObj(step -> report(step, step == 54_321 ? 9 : 1, 3)).toList());
        become(Status.State.STOPPED, 100_000);
        visit(chromium.page(), "#at=54321"); // which is not among those that come first
        assertTrue(page.textContent("#loss-chart [data-column=lossD]").startsWith("9"), () -> page.textContent("#loss-chart"));
    }

    @Test
    void thePageBeginsAgainIfTheServerWentBeforeItHadGivenAll() {
        history(50);
        page = chromium.page();
        var sockets = new CopyOnWriteArrayList<WebSocketRoute>();
        page.routeWebSocket("**/live", socket -> {
            sockets.add(socket);
            socket.connectToServer();
        });
        page.route("**/app/rest.js", Route::abort);
        var refused = new CopyOnWriteArrayList<Request>();
        page.onRequestFailed(refused::add);
        page.navigate(dashboard.page + "/");
        Chromium.await(page, () -> !refused.isEmpty());
        page.unroute("**/app/rest.js");
        sockets.getLast().close();
        page.waitForSelector("body:not([data-loading])");
    }

    /// Here all else comes only after the curves were looked at.
    @Test
    void curvesAreSeenBeforeAllElseIsThere() {
        history(400);
        page = chromium.page();
        var held = new CopyOnWriteArrayList<Route>();
        page.route("**/app/rest.js", held::add);
        var errors = new CopyOnWriteArrayList<String>();
        page.onPageError(errors::add);
        page.navigate(dashboard.page + "/");
        page.waitForSelector("[data-loading=rest] #loss-chart[data-points='400'] canvas");
        assertAll(
                () -> assertTrue(page.isVisible("#run-name")),
                () -> assertTrue(page.isVisible("#step")),
                () -> assertFalse(page.isVisible("#samples")),
                () -> assertFalse(page.isVisible("run-controls")),
                () -> assertFalse(page.isVisible("text=Waiting for the trainer")));
        page.unroute("**/app/rest.js");
        held.forEach(Route::resume);
        page.waitForSelector("body:not([data-loading])");
        page.waitForFunction("() => document.querySelector('#verdict').textContent === 'Even: the discriminator can hardly tell.'");
        page.waitForSelector("#resume-button");
        assertEquals(List.of(), errors);
    }

    @Test
    void theFirstReportIsAPointAndItsWordsDoNotFlatter() {
        visit();
        var first = report(10, 2 * Math.log(2), 3);
        HISTORY.add(first);
        dashboard.bus.publish(Addresses.REPORTS, first);
        page.waitForFunction("() => document.querySelector('#loss-chart').dataset.points === '1'");
        assertTrue((Boolean) page.evaluate("""
                () => {
                  const canvas = document.querySelector('#loss-chart canvas');
                  const ratio = canvas.width / canvas.clientWidth;
                  const { data } = canvas.getContext('2d').getImageData(canvas.width - 44 * ratio, 0, 12 * ratio, canvas.height);
                  let blue = 0;
                  for (let at = 0; at < data.length; at += 4) {
                    blue += data[at + 3] > 200 && data[at + 2] > data[at] + 100 ? 1 : 0;
                  }
                  return blue > 5;
                }"""), "a dot of D's colour at the right");
        page.waitForFunction("() => document.querySelector('#verdict').textContent.startsWith('Too early to say')");
    }

    @Test
    void wordsAtTheEndAreThoseOfAnEvenGame() {
        history(400);
        visit();
        page.waitForFunction("() => document.querySelector('#verdict').textContent === 'Even: the discriminator can hardly tell.'");
        assertEquals("1,040ms", page.innerText("#turn-millis") + page.innerText("#turn-millis + .more"));
    }

    @Test
    void aMomentInThePastIsTheWholePagesMoment() {
        history(400);
        visit(chromium.page(), "#at=1000");
        page.waitForFunction("() => document.querySelector('#step').dataset.step === '1000'");
        assertAll(
                () -> assertEquals("7.50", page.innerText("#turn-millis")),
                () -> assertEquals("The discriminator is ahead.", page.innerText("#verdict")),
                () -> assertEquals("0.5000", page.innerText("[data-column=lossD]")),
                () -> assertTrue(page.isVisible("#loss-chart .moment"), "marked on the curves"));
        page.keyboard().press("Escape");
        page.waitForFunction("() => document.querySelector('#step').dataset.step === '4000'");
        assertEquals("1.3800", page.innerText("[data-column=lossD]"));
    }

    @Test
    void anEditIsMarkedOnTheCurvesWithWhatItChanged() {
        history(400);
        JOURNAL.add(new Events.Event(2000, 1, "edit", Map.<String, JsonNode>of("generator.optimiser.rate", DoubleNode.valueOf(1e-4))));
        JOURNAL.add(new Events.Event(3000, 2, "edit", Map.<String, JsonNode>of("emaDecay", DoubleNode.valueOf(0.9))));
        JOURNAL.add(new Events.Event(2500, 3, "rollback", Map.of()));
        visit();
        page.waitForSelector("#loss-chart .edit");
        assertEquals(List.of("2000"), page.locator("#loss-chart .edit").evaluateAll("marks => marks.map((mark) => mark.dataset.step)"),
                "what was rolled back over is gone");
        var box = plot();
        double middle = box.x + 46 + (box.width - 46 - 38) / 2;
        assertEquals(middle, page.locator("#loss-chart .edit").boundingBox().x, 2, "half way to step 4,000");
        page.mouse().move(middle, box.y + 60);
        page.waitForSelector("#loss-chart .told");
        assertEquals("generator.optimiser.rate 5e-4 → 1e-4", page.innerText("#loss-chart .told"));
    }

    @Test
    void anEditIsTakenBackByAnotherAndAFieldSaysWhatItIs() {
        history(50);
        JOURNAL.add(new Events.Event(200, 1, "edit", Map.<String, JsonNode>of("generator.optimiser.beta1", DoubleNode.valueOf(0.9))));
        visit();
        assertTrue(page.innerText("settings-form .edits li").contains("generator.optimiser.beta1 0.5 → 0.9"));
        page.click("settings-form .undo");
        Chromium.await(page, () -> !dashboard.commands.isEmpty());
        assertTrue(dashboard.commands.peek() instanceof Command.Edit(var changed)
                && changed.get("generator.optimiser.beta1").asDouble() == 0.5, () -> String.valueOf(dashboard.commands));
        page.focus("[data-path='generator.optimiser.beta1']");
        page.waitForFunction("() => document.querySelector('[data-path=\"generator.optimiser.beta1\"]').closest('fieldset')"
                + ".querySelector('.help').textContent.endsWith('at first 0.5')");
    }

    @Test
    void anyStepIsVisitedAndARunBranchesFromThere() {
        history(400);
        var branched = new CopyOnWriteArrayList<PastRequest.MakeFork>();
        dashboard.bus.serve(PastRequest.GetVisitedPicture.class, asked -> new PastRequest.VisitedPicture(Optional.of(
                new Picture(Picture.Source.FAKE, Picture.Format.POINTS, asked.step(), 2, 2, 2, new byte[16]))));
        dashboard.bus.serve(PastRequest.MakeFork.class, branch -> {
            branched.add(branch);
            return new PastRequest.ForkMade(branch.name(), "runs/" + branch.name());
        });
        visit();
        page.fill("#visit-step", "1234");
        page.press("#visit-step", "Enter");
        page.waitForFunction("() => document.querySelector('#visit-told').textContent === 'playing again from 1,000: 1,100, 2 s left'");
        WAY.set(PastRequest.Visited.State.DONE);
        page.waitForSelector("#sample-canvas[data-step='1234']");
        page.waitForFunction("() => document.querySelector('#step').dataset.step === '1234'");
        page.click("#branch");
        page.fill("#branch-name", "gentler");
        page.fill("#branch-settings", "batch=128, game.objective=hinge");
        page.press("#branch-settings", "Enter");
        page.waitForSelector(".message");
        assertEquals(List.of(new PastRequest.MakeFork(1234, "gentler",
                Map.of("batch", IntNode.valueOf(128), "game.objective", TextNode.valueOf("hinge")))), branched);
    }

    private static PastRequest.Visited visited(PastRequest.Visited.State state, long step) {
        return new PastRequest.Visited(state, step, 1000, 1100, Optional.of(2.0), "", List.of());
    }

    /// The curves and the pictures, as files.
    @Test
    void whatIsSeenMayBeTakenAway() throws IOException {
        history(50);
        visit();
        var csv = Files.readString(page.waitForDownload(() -> page.click("#keep-csv")).path());
        assertEquals(51, csv.lines().count());
        assertTrue(csv.lines().anyMatch(line -> line.startsWith("100,1700000000100,0.5,0.7,")), csv);
    }

    @Test
    void aFinishedRunOffersMoreTurns() {
        become(Status.State.FINISHED, 20_000);
        visit();
        page.click("#more-button");
        Chromium.await(page, () -> dashboard.commands.size() == 2);
        var commands = new ArrayList<>(dashboard.commands);
        assertTrue(commands.getFirst() instanceof Command.Edit(var changed) && changed.get("steps").asLong() == 30_000, commands::toString);
        assertEquals(new Command.Resume(), commands.getLast());
    }

    @Test
    void whyTheRunEndedAndWhatWasFoundStandOnThePage() {
        become(new Status(Status.State.FINISHED, 12_500, 20_000, 1, 0, Optional.empty(), Optional.of(0L), 0, CONFIG.live(), Optional.empty(),
                Optional.of("highQuality has not become better"), List.of(new Finding(Finding.Kind.MODES_LOST, 12_500,
                        "Helvetica scenario: 3 of 8 modes since turn 12,400", "fork the run"))));
        visit();
        assertTrue(page.textContent("#ended").contains("Ended at step 12,500.highQuality has not become better"), page.textContent("#ended"));
        assertTrue(page.isVisible("#ended") && page.isVisible("#findings"));
        assertEquals("Helvetica scenario: 3 of 8 modes since turn 12,400.Fork the run.", page.textContent("#findings"));
        become(Status.State.RUNNING, 12_510);
        Chromium.await(page, () -> page.isHidden("#ended") && page.isHidden("#findings"));
    }

    @Test
    void untilTheNetworkThatSeesImagesIsTrainedThePageSaysSo() {
        dashboard.bus.publish(Addresses.REPORTS, new Report(90, 0, Map.of(Metric.EVALUATOR_TRAINED, 0.347)));
        visit();
        dashboard.bus.publish(Addresses.REPORTS, new Report(100, 0, Map.of(Metric.EVALUATOR_TRAINED, 0.347)));
        become(Status.State.RUNNING, 100);
        Chromium.await(page, () -> page.isVisible("#evaluator"));
        assertTrue(page.textContent("#evaluator").contains("is 34 % trained"), page.textContent("#evaluator"));
        dashboard.bus.publish(Addresses.REPORTS, new Report(110, 0, Map.of(Metric.EVALUATOR_TRAINED, 1.0)));
        become(Status.State.RUNNING, 110);
        Chromium.await(page, () -> page.isHidden("#evaluator"));
    }

    @Test
    void aFailureHasAButtonThatDoesWhatItAdvises() {
        become(new Status(Status.State.FAILED, 90, 20_000, 1, 0, Optional.empty(), Optional.of(0L), 0, CONFIG.live(), Optional.of(
                new Status.Failure(FailureKind.NON_FINITE, 91, "discriminator.logits: expected finite numbers",
                        "lower the learning rates, then resume"))));
        visit();
        page.click("text=Halve the learning rates and resume");
        Chromium.await(page, () -> dashboard.commands.size() == 2);
        var commands = new ArrayList<>(dashboard.commands);
        double rate = CONFIG.generator().optimiser().rate().start();
        assertTrue(commands.getFirst() instanceof Command.Edit(var changed)
                && changed.get("generator.optimiser.rate").asDouble() == rate / 2
                && changed.get("discriminator.optimiser.rate").asDouble() == CONFIG.discriminator().optimiser().rate().start() / 2,
                commands::toString);
        assertEquals(new Command.Resume(), commands.getLast());
    }

    @Test
    void nothingMovesWhileItLoadsAndWhenANoticeComes() {
        history(50);
        visit();
        become(new Status(Status.State.FAILED, 90, 20_000, 1, 0, Optional.empty(), Optional.of(0L), 0, CONFIG.live(), Optional.of(
                new Status.Failure(FailureKind.FILES, 91, "no room left", "make room, then resume"))));
        page.waitForSelector("#failure");
        double shift = ((Number) page.evaluate("() => window.shift")).doubleValue();
        assertTrue(shift < 0.05, () -> "layout shift " + shift);
    }

    @Test
    void aWindowThatNoLongerFollowsSaysSo() {
        history(400);
        visit(chromium.page(), "#zoom=0-3900");
        page.waitForFunction("() => document.querySelector('#zoom-range').textContent === 'steps 0 – 3,900, 100 newer turns not shown'");
        page.click("#zoom-follow");
        page.waitForFunction("() => document.querySelector('#zoom-range').textContent === 'steps 100 – now'");
    }

    @Test
    void theKeyboardGoesFromStopToResumeAndWhatWentWrongIsSaidOnceInPlainWords() {
        visit();
        dashboard.refusal = Optional.of(new Failure(FailureKind.CONFLICT, 0, "expected room; GET /api/run shows more", ""));
        page.focus("#stop-button");
        for (int i = 0; i < 3; i++) {
            page.keyboard().press("Enter");
            page.waitForSelector("#stop-button[aria-busy=false]");
        }
        page.waitForSelector(".message");
        assertEquals(List.of("Expected room."), page.locator(".message p").allInnerTexts());
        dashboard.refusal = Optional.empty();
        var stopping = Promise.<Void>promise();
        dashboard.delay = stopping.future();
        page.keyboard().press("Enter");
        page.waitForSelector("#stop-button[aria-busy=true]");
        assertEquals("stop-button", page.evaluate("() => document.activeElement.id"), "not lost while it stops");
        become(Status.State.STOPPED, 10);
        stopping.complete();
        page.waitForFunction("() => document.activeElement.id === 'resume-button'");
    }

    @Test
    void nothingReachesOutOfItsPanelAtAnyWidth() {
        history(50);
        visit();
        for (int width : new int[] {1440, 1024, 390}) {
            page.setViewportSize(width, 900);
            // What is drawn on canvases takes the new width a frame later.
            try {
                page.waitForFunction("() => (" + OUTSIDE + ")().length === 0");
            } catch (TimeoutError e) {
                assertEquals(List.of(), page.evaluate(OUTSIDE), "at " + width + " pixels");
            }
        }
    }

    @Test
    void nothingMovesWhenTheStateHasALongerName() {
        history(50);
        visit();
        for (int width : new int[] {1440, 1024, 900, 860, 700, 390}) {
            page.setViewportSize(width, 900);
            var heights = page.evaluate("""
                    () => {
                      const word = (text) => {
                        document.querySelector('#state').textContent = text;
                        return document.querySelector('.top').getBoundingClientRect().height;
                      };
                      document.querySelector('#run-name').textContent = '2026-11-21-a-ring-with-a-long-name';
                      return [...new Set(['failed', 'running', 'connecting', 'disconnected'].map(word))].length;
                    }""");
            assertEquals(1, heights, "heights of the head at " + width + " pixels");
        }
    }

    @Test
    void aChartWithNothingToShowHasNoTab() {
        history(50);
        visit();
        assertTrue(page.isVisible("#tab-gradient"));
        assertFalse(page.isVisible("#tab-frechet"));
        dashboard.bus.publish(Addresses.REPORTS, new Report(510, 1, Map.of(Metric.FRECHET, 12.0)));
        page.waitForSelector("#tab-frechet:visible");
    }

    @Test
    void questionMarkShowsTheKeys() {
        visit();
        page.keyboard().press("?");
        page.waitForSelector("#help[open]");
        page.keyboard().press("Escape");
        page.waitForSelector("#help:not([open])", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.ATTACHED));
    }

    @Test
    void aFingerReadsValuesAndFindsItsButtons() {
        history(400);
        visit(chromium.phone(), "");
        page.locator("#loss-chart").scrollIntoViewIfNeeded();
        var box = plot();
        page.touchscreen().tap(box.x + 46 + (box.width - 84) / 4, box.y + 50);
        page.waitForSelector("#loss-chart .crosshair");
        assertEquals("0.5000", page.innerText("[data-column=lossD]"), "a quarter of the way");
        var small = page.locator("button:visible, input:visible, select:visible").all().stream()
                .filter(target -> target.boundingBox().height < 44 || target.boundingBox().width < 44)
                .map(target -> String.valueOf(target.evaluate("node => node.outerHTML"))).toList();
        assertEquals(List.of(), small);
    }

    @Test
    void turnsThatWereLostAreToldOfUntilTheyArePlayedAgain() {
        become(new Status(Status.State.RUNNING, 90, 20_000, 1, 0, Optional.empty(), Optional.of(90L), 7, CONFIG.live(), Optional.empty()));
        visit();
        page.waitForSelector("#undone");
        assertTrue(page.innerText("#undone").startsWith("7 turns undone."), () -> page.innerText("#undone"));
        become(Status.State.RUNNING, 97);
        page.waitForSelector("#undone", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.HIDDEN));
    }

    @Test
    void theThemeIsTheSystemsUntilAnotherIsChosenAndStays() {
        visit();
        String light = ground();
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        page.waitForFunction("light => getComputedStyle(document.body).backgroundColor !== light", light);
        page.click("#theme");
        assertEquals(light, ground(), "light, whatever the system says");
        page.reload();
        page.waitForSelector("body:not([data-loading])");
        assertEquals(light, ground(), "kept");
        page.click("#theme");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        assertNotEquals(light, ground(), "dark, whatever the system says");
    }

    private String ground() {
        return (String) page.evaluate("() => getComputedStyle(document.body).backgroundColor");
    }

    @Test
    void theTabShowsTheStateAndWhoAskedIsToldOfTheEnd() {
        become(Status.State.RUNNING, 90);
        var fresh = chromium.page();
        fresh.addInitScript("""
                window.told = [];
                window.Notification = class { constructor(title, { body }) { window.told.push(title + ': ' + body); }
                  static permission = 'granted'; static requestPermission() { return Promise.resolve('granted'); } };""");
        visit(fresh, "");
        page.waitForSelector("link[rel=icon][data-state=RUNNING]", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.ATTACHED));
        page.click("#notify");
        page.waitForSelector("#notify[aria-pressed=true]");
        become(Status.State.FINISHED, 20_000);
        page.waitForFunction("() => window.told.length === 1");
        assertEquals(List.of(Dashboard.INFO.name() + " has finished: All 20,000 turns are made."), page.evaluate("() => window.told"));
        page.waitForSelector("link[rel=icon][data-state=FINISHED]", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.ATTACHED));
    }

    /// Of a window it says how many turns it shows one of, and has them played again, of which it then shows each.
    @Test
    void whatWasNotKeptIsPlayedAgainForAWindow() {
        history(400);
        WAY.set(PastRequest.Visited.State.DONE);
        dashboard.bus.serve(PastRequest.GetVisitedReports.class, _ -> new PastRequest.VisitedReports(LongStream.rangeClosed(1_001, 1_100)
                .mapToObj(step -> new Report(step, 0, Map.of(Metric.LOSS_D, 2.0, Metric.LOSS_G, 0.25))).toList()));
        visit(chromium.page(), "#zoom=1000-1100");
        page.waitForFunction("() => document.querySelector('#thinned').textContent === 'one turn in 10'");
        page.click("#zoom-replay");
        page.waitForFunction("() => document.querySelector('#loss-chart').dataset.rows === '101'");
        page.waitForFunction("() => document.querySelector('#thinned').textContent === ''");
        assertTrue(page.isHidden("#zoom-replay"), "each is shown");
        assertEquals(List.of(new PastRequest.Visit(1_100, Optional.of(1_000L))), VISITS);
        var box = plot();
        page.mouse().move(box.x + 46 + (box.width - 84) * 0.555, box.y + 50);
        page.waitForSelector("#loss-chart .crosshair");
        assertEquals("2.0000", page.innerText("#loss-chart [data-column=lossD]"), "of a turn that was not reported");
        page.click("#zoom-reset");
        page.waitForFunction("() => document.querySelector('#loss-chart').dataset.rows === '400'");
    }

    @Test
    void aZoomShowsWhatTheTrainerHasOfItNotOnlyWhatThePageKnew() {
        history(400);
        visit();
        page.waitForFunction("() => document.querySelector('#loss-chart').dataset.rows === '400'");
        EXACT.set(LongStream.rangeClosed(990, 1110).mapToObj(step -> report(step, 0.5, 7)).toList());
        page.evaluate("() => { location.hash = 'zoom=1000-1100'; }");
        page.waitForFunction("() => document.querySelector('#loss-chart').dataset.rows === '121'");
    }
}
