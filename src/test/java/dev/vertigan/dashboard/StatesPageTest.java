package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketRoute;
import com.microsoft.playwright.options.ColorScheme;
import dev.vertigan.LongForm;
import dev.vertigan.bus.Addresses;
import dev.vertigan.cli.Chromium;
import dev.vertigan.duel.SceneWriter;
import dev.vertigan.values.Exchange;
import dev.vertigan.values.ExploreRequest.Explore;
import dev.vertigan.values.ExploreRequest.Explored;
import dev.vertigan.values.ExploreRequest.FindNearest;
import dev.vertigan.values.ExploreRequest.GetLatents;
import dev.vertigan.values.ExploreRequest.LatentSpace;
import dev.vertigan.values.ExploreRequest.Nearest;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.GetNetworks;
import dev.vertigan.values.Picture;
import dev.vertigan.values.Pulse;
import dev.vertigan.values.Report;
import dev.vertigan.values.Reports;
import dev.vertigan.values.Scene;
import dev.vertigan.values.Status;
import dev.vertigan.values.Status.State;
import dev.vertigan.values.Tempo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The page in every state that it has, one after the other as a person would meet them: nothing in it keeps anyone from using it, and nothing
/// moves by itself. What was seen lies in `target/states`.
@Tag("browser")
class StatesPageTest {

    private static final Path SEEN = Path.of("target", "states");
    private static final double MOST_SHIFT = 0.05; // https://web.dev/articles/cls calls up to 0.1 good
    private static final int POINTS = 512;
    private static final int PLACES = 40; // of the heat map, across

    private record Screen(int width, ColorScheme theme) {}

    /// Every width in both themes; in the short form the widest and the narrowest, one in each.
    private static final List<Screen> SCREENS = List.of(new Screen(1440, ColorScheme.LIGHT), new Screen(390, ColorScheme.DARK),
            new Screen(1024, ColorScheme.LIGHT), new Screen(1440, ColorScheme.DARK), new Screen(390, ColorScheme.LIGHT),
            new Screen(1024, ColorScheme.DARK));

    @RegisterExtension
    static final Chromium chromium = new Chromium();

    @TempDir
    private Path temp;

    private final List<Report> history = new CopyOnWriteArrayList<>();
    private final List<Events.Event> journal = new CopyOnWriteArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private Dashboard dashboard;

    private void serve() throws JsonProcessingException {
        history.clear();
        journal.clear();
        dashboard = new Dashboard(Dashboard.LOOPBACK, LiveLimits.DEFAULT, ConnectionLimits.ofProcess(), new Kept(
                (since, to, _) -> history.stream().filter(report -> report.step() > since && report.step() <= to).toList(), samples(), _ -> journal,
                new TwoRuns(temp)));
        dashboard.bus.serve(GetLatents.class, _ -> new LatentSpace(POINTS, 2, true, 0, 100_000));
        dashboard.bus.serve(Explore.class, of -> new Explored(points(Picture.Source.FAKE, 4_000, of.count())));
        dashboard.bus.serve(FindNearest.class, _ -> new Nearest(77, 0, 0.0125, 100_000, 100_000, points(Picture.Source.REAL, 0, 1)));
        var networks = new GetNetworks.Networks(new JsonMapper().readTree(network(2, 2)), new JsonMapper().readTree(network(2, 1)));
        dashboard.bus.serve(GetNetworks.class, _ -> networks);
        become(State.RUNNING, 0, Optional.empty());
    }

    @AfterEach
    void close() {
        chromium.closePages();
    }

    private static Samples samples() {
        return new Samples() {

            @Override
            public List<Long> steps() {
                return LongStream.rangeClosed(1, 8).map(tick -> 500 * tick).boxed().toList();
            }

            @Override
            public Optional<byte[]> read(long step, String suffix) {
                return Optional.of(points(Picture.Source.FAKE, step, POINTS).bytes());
            }
        };
    }

    private static String network(int in, int out) {
        return String.format(Locale.ROOT, """
                {"input":[%d],"parameters":1000,"tensors":["1.weight","1.bias","2.weight"],"outputs":["1","2"],"layers":[
                  {"path":"1","words":"dense leaky-relu","in":[%d],"out":[128],"parameters":384,"layers":[]},
                  {"path":"2","words":"dense linear","in":[128],"out":[%d],"parameters":258,"layers":[]}]}""", in, in, out);
    }

    /// Both modes, ever closer to them.
    private static Picture points(Picture.Source source, long step, int count) {
        var random = new Random(7);
        double spread = source == Picture.Source.REAL ? 0.02 : 0.04 + 0.6 * Math.exp(-step / 900.0);
        var buffer = ByteBuffer.allocate(8 * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            double mode = i % 2;
            buffer.putFloat((float) (mode + spread * random.nextGaussian())).putFloat((float) (1 - mode + spread * random.nextGaussian()));
        }
        return new Picture(source, Picture.Format.POINTS, step, count, 2, count, buffer.array());
    }

    private static Scene scene(long step) {
        float[] side = new float[PLACES];
        for (int i = 0; i < PLACES; i++) {
            side[i] = -2 + 4f * i / (PLACES - 1);
        }
        float[] logits = new float[PLACES * PLACES];
        for (int i = 0; i < logits.length; i++) {
            double x = side[i % PLACES];
            double y = side[i / PLACES];
            logits[i] = (float) (3 * Math.max(Math.exp(-4 * ((x - 1) * (x - 1) + y * y)), Math.exp(-4 * (x * x + (y - 1) * (y - 1)))) - 1);
        }
        float[] fakes = new float[2 * POINTS];
        ByteBuffer.wrap(points(Picture.Source.FAKE, step, POINTS).bytes()).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(fakes);
        float[] push = new float[2 * POINTS];
        for (int i = 0; i < POINTS; i++) {
            push[2 * i] = i % 2 - fakes[2 * i];
            push[2 * i + 1] = 1 - i % 2 - fakes[2 * i + 1];
        }
        return new SceneWriter().add("realLogits", new float[] {1, 2}, 2).add("fakeLogits", new float[] {-1, 1}, 2).add("fakes", fakes, POINTS, 2)
                .add("push", push, POINTS, 2).add("side", side, PLACES).add("logits", logits, PLACES, PLACES).at(step);
    }

    private static Scene layers(long step) {
        var writer = new SceneWriter();
        for (var player : List.of("generator", "discriminator")) {
            writer.add(player + ".ratios", new float[] {0.001f, 0.0008f, 0.02f}, 3);
            for (var kind : List.of("weights", "gradients", "activations")) {
                int rows = kind.equals("activations") ? 2 : 3;
                float[] figures = new float[4 * rows];
                float[] histograms = new float[32 * rows];
                for (int i = 0; i < 32 * rows; i++) {
                    histograms[i] = (float) Math.exp(-0.02 * Math.pow(i % 32 - 16 + Math.sin(step / 300.0), 2));
                }
                for (int row = 0; row < rows; row++) {
                    figures[4 * row] = 0.05f * row;
                    figures[4 * row + 1] = 0.25f;
                    figures[4 * row + 2] = -1;
                    figures[4 * row + 3] = 1;
                }
                writer.add(player + "." + kind, figures, rows, 4).addCoarse(player + "." + kind + ".histograms", histograms, rows, 32);
            }
        }
        return writer.at(step);
    }

    private static Report report(long step) {
        var random = new Random(step);
        double lossD = 1.38 - 0.8 * Math.exp(-step / 900.0) + 0.04 * random.nextGaussian();
        double fake = 0.5 - 0.35 * Math.exp(-step / 900.0) + 0.02 * random.nextGaussian();
        return Reports.of(step, 1_700_000_000_000L + 4 * step, lossD, -Math.log(fake), 1 - fake, fake, 0.5 + 0.1 * random.nextDouble(),
                0.3 + 0.1 * random.nextDouble(), 0.001, 0.002, 3.9 + 0.2 * random.nextDouble(), 64_000);
    }

    private void become(State state, long step, Optional<Status.Failure> failure) {
        var settings = Dashboard.CONFIG.live();
        dashboard.status = new Status(state, step, 20_000, step / 390.0, state == State.RUNNING ? 64_000 : 0,
                state == State.RUNNING ? Optional.of((20_000 - step) * 0.004) : Optional.empty(), Optional.of(step / 1000 * 1000), 0, settings,
                failure);
        dashboard.bus.publish(Addresses.STATUS, dashboard.status);
    }

    /// Four thousand turns, and all that a page hears of them.
    private void train() {
        journal.add(new Events.Event(2_000, 1, "edit", Map.<String, JsonNode>of("generator.optimiser.rate", DoubleNode.valueOf(1e-4))));
        LongStream.rangeClosed(1, 400).mapToObj(i -> report(10 * i)).forEach(made -> {
            history.add(made);
            dashboard.bus.publish(Addresses.REPORTS, made);
        });
        dashboard.bus.publish(Addresses.PICTURES, points(Picture.Source.REAL, 0, POINTS));
        dashboard.bus.publish(Addresses.PICTURES, points(Picture.Source.FAKE, 4_000, POINTS));
        dashboard.bus.publish(Addresses.SCENES, scene(4_000));
        for (long step = 500; step <= 4_000; step += 500) {
            dashboard.bus.publish(Addresses.LAYERS, layers(step));
        }
        dashboard.bus.publish(Addresses.PULSE,
                new Pulse(1, 250, List.of(new Pulse.Traffic("NextBatch", "vertigan.NextBatch", 250, 512_000, 0.02, 0.1),
                        new Pulse.Traffic("Generate", "vertigan.Generate", 500, 1_024_000, 0.4, 0.9),
                        new Pulse.Traffic("Judge", "vertigan.Judge", 250, 1_024_000, 1.5, 2.4)), List.of(0.02, 0.4, 0.1, 0.3, 0.08, 0.1)));
    }

    private void exchange() {
        var x = new Exchange.Load("x", List.of(256L, 2L), 2048);
        dashboard.bus.publish(Addresses.TEMPO, new Tempo(0, Optional.of(new Tempo.Held(4_001, Tempo.Learner.DISCRIMINATOR, 1, 1, "Generate"))));
        dashboard.bus.publish(Addresses.EXCHANGES, new Exchange(4_001, Tempo.Learner.DISCRIMINATOR, "NextBatch", "vertigan.NextBatch", List.of(),
                List.of(x), 0.05, 0, Map.of()));
    }

    /// Waits until all is drawn, then holds the page against what a good one keeps.
    private void look(Page page, String state, String kind) {
        page.evaluate("""
                async () => {
                  await document.fonts.ready;
                  await Promise.all(document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime < Infinity)
                    .map((each) => each.finished.catch(() => {})));
                  for (let frame = 0; frame < 3; frame++) { await new Promise(requestAnimationFrame); }
                }""");
        String where = state + ", " + kind;
        double shift = ((Number) page.evaluate("() => window.shift ?? 0")).doubleValue();
        if (shift >= MOST_SHIFT) {
            problems.add(where + ": layout shift of " + shift + ": " + page.evaluate("() => window.moved.join('; ')"));
            shift = 0;
        }
        Axe.violations(page).forEach(found -> problems.add(where + ": " + found));
        var height = page.evaluate("() => innerHeight");
        page.screenshot(new Page.ScreenshotOptions().setPath(SEEN.resolve(kind + "-" + state + ".png")).setFullPage(true));
        // For a picture of the whole page the window was larger for a moment, and what stands at its end moved.
        page.evaluate("""
                async ({ shift, height }) => {
                  for (let frame = 0; frame < 3 || innerHeight !== height; frame++) { await new Promise(requestAnimationFrame); }
                  window.watch.takeRecords();
                  window.shift = shift;
                  window.moved = [];
                }""", Map.of("shift", shift, "height", height));
    }

    private static Page fresh(int width, ColorScheme theme) {
        var page = width < 500 ? chromium.phone() : chromium.page();
        if (width >= 500) {
            page.setViewportSize(width, 900);
        }
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(theme));
        page.addInitScript("""
                window.shift = 0;
                window.moved = [];
                window.watch = new PerformanceObserver((list) => list.getEntries().filter((entry) => !entry.hadRecentInput).forEach((entry) => {
                  window.shift += entry.value;
                  window.moved.push(...entry.sources.map(({ node }) => `${node?.nodeName ?? ''}#${node?.id ?? ''}`));
                }));
                window.watch.observe({ type: 'layout-shift', buffered: true });""");
        return page;
    }

    private void meetAll(int width, ColorScheme theme) throws JsonProcessingException {
        String kind = width + "-" + theme.name().toLowerCase(Locale.ROOT);
        denied(width, theme, kind);
        serve();
        try (var page = fresh(width, theme)) {
            page.onPageError(error -> problems.add(kind + ": " + error));
            try {
                var live = new AtomicReference<WebSocketRoute>();
                page.routeWebSocket("**/live", socket -> {
                    if (!live.compareAndSet(null, socket)) {
                        socket.connectToServer();
                    }
                });
                page.navigate(dashboard.page);
                Chromium.await(page, () -> live.get() != null);
                meetServed(page, live.get(), kind);
            } finally {
                dashboard.close();
            }
            page.waitForSelector("#connection-lost");
            look(page, "disconnected", kind);
        }
    }

    /// @param live not connected yet
    private void meetServed(Page page, WebSocketRoute live, String kind) {
        look(page, "loading", kind);
        live.connectToServer();
        page.waitForSelector("body:not([data-loading])");
        look(page, "empty", kind);

        train();
        become(State.RUNNING, 4_000, Optional.empty());
        page.waitForSelector("#sample-canvas[data-scene='4000']");
        page.waitForFunction("() => Number(document.querySelector('#loss-chart').dataset.points) >= 400");
        look(page, "running", kind);

        page.locator("#time-slider").focus();
        page.keyboard().press("ArrowLeft");
        page.waitForSelector("sample-view[data-past]");
        look(page, "past", kind);
        page.keyboard().press("Escape");
        page.waitForSelector("sample-view:not([data-past])");

        page.locator("#sample-canvas").scrollIntoViewIfNeeded();
        var plane = page.locator("#sample-canvas").boundingBox();
        double unit = Math.min(plane.width, plane.height) / 2 / 1.35;
        page.mouse().click(plane.x + plane.width / 2 + unit, plane.y + plane.height / 2);
        page.waitForSelector("#explorer[data-step='4000']");
        page.waitForFunction("() => document.querySelector('#nearest-told').textContent.startsWith('sample 77')");
        look(page, "explorer", kind);
        page.click("#explore-close");

        page.click("#run-details summary");
        page.waitForSelector("tr[data-run='gentler']");
        look(page, "runs", kind);
        page.check("[aria-label='Draw gentler over this run']");
        page.waitForSelector("run-compare figure[data-step='4000']");
        look(page, "compare", kind);
        page.uncheck("[aria-label='Draw gentler over this run']");
        page.selectOption("[aria-label='Do with gentler']", "Delete");
        page.waitForSelector("dialog.question");
        look(page, "delete", kind);
        page.keyboard().press("Escape");
        page.click("#run-details summary");

        page.click("#layers summary");
        page.waitForSelector("#layer-spread[data-step]");
        look(page, "layers", kind);
        page.click("#layers summary");

        page.click("#new-run");
        page.waitForSelector(".preset");
        look(page, "begin", kind);
        page.keyboard().press("Escape");
        page.keyboard().press("?");
        page.waitForSelector("#help[open]");
        look(page, "help", kind);
        page.keyboard().press("Escape");

        become(State.STOPPED, 4_000, Optional.empty());
        exchange();
        page.waitForSelector("#turn-messages li");
        page.click("#branch");
        look(page, "stopped", kind);
        become(State.FINISHED, 20_000, Optional.empty());
        page.waitForSelector("#more-button:visible");
        look(page, "finished", kind);
        become(State.FAILED, 4_000, Optional.of(new Status.Failure(FailureKind.NON_FINITE, 4_001,
                "discriminator.logits: expected finite numbers, found NaN in row 3", "lower the learning rates, then resume")));
        page.waitForSelector("#failure");
        look(page, "failed", kind);
    }

    /// Whoever has no token, or a wrong one.
    private void denied(int width, ColorScheme theme, String kind) {
        try (var locked = new Dashboard(Dashboard.at("127.0.0.1", 0, "a-token"), LiveLimits.DEFAULT); var page = fresh(width, theme)) {
            page.navigate(locked.page.replaceAll("[?].*", ""));
            page.waitForSelector("#token");
            look(page, "denied", kind);
            page.fill("#token", "another");
            page.keyboard().press("Enter");
            page.waitForFunction("() => document.querySelector('[role=alert]').textContent !== ''");
            look(page, "refused", kind);
        }
    }

    @Test
    @Tag("long")
    void everyStateIsForEveryoneAndNothingMoves() throws JsonProcessingException {
        for (var screen : SCREENS.subList(0, LongForm.of(2, SCREENS.size()))) {
            meetAll(screen.width, screen.theme);
        }
        assertEquals("", String.join("\n", problems));
    }
}
