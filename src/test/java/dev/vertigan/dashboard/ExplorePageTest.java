package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Failure;
import dev.vertigan.cli.Chromium;
import dev.vertigan.values.ExploreRequest.Explore;
import dev.vertigan.values.ExploreRequest.Explored;
import dev.vertigan.values.ExploreRequest.FindNearest;
import dev.vertigan.values.ExploreRequest.GetLatents;
import dev.vertigan.values.ExploreRequest.LatentSpace;
import dev.vertigan.values.ExploreRequest.Nearest;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.PastRequest.GetVisit;
import dev.vertigan.values.PastRequest.Visit;
import dev.vertigan.values.PastRequest.Visited;
import dev.vertigan.values.Picture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a person sees of a latent looked at closely, of a generator that the test plays: latent n lies at (n / 2, 0).
@Tag("browser")
class ExplorePageTest {

    private static final String JSON = "application/json";

    @RegisterExtension
    static final Chromium chromium = new Chromium();

    private final List<Explore> asked = new CopyOnWriteArrayList<>();
    private final List<Long> visited = new CopyOnWriteArrayList<>();
    private Dashboard dashboard;

    @BeforeEach
    void serve() {
        dashboard = new Dashboard(new Samples() {

            @Override
            public List<Long> steps() {
                return List.of(5L, 10L);
            }

            @Override
            public Optional<byte[]> read(long step, String suffix) {
                return Optional.of(bytes(-step / 10f, 0.5f, 0, 0));
            }
        });
        dashboard.bus.serve(GetLatents.class, _ -> new LatentSpace(2, 2, true, 0, 100_000));
        dashboard.bus.serve(Visit.class, to -> {
            visited.add(to.step());
            return at(to.step());
        });
        dashboard.bus.serve(GetVisit.class, _ -> at(visited.getLast()));
        dashboard.bus.serve(Explore.class, of -> {
            asked.add(of);
            if (of.past().filter(step -> !visited.contains(step)).isPresent()) {
                throw new Failure(FailureKind.CONFLICT, 5, "expected a step that was visited last", "POST /api/visit goes there");
            }
            return new Explored(points(of.count(), new float[2 * of.count()]));
        });
        dashboard.bus.serve(FindNearest.class, of -> new Nearest(77, 0, 0.25, 2_000, 100_000, points(1, 1, 1)));
    }

    @AfterEach
    void stop() {
        dashboard.close();
    }

    private static Visited at(long step) {
        return new Visited(Visited.State.DONE, step, 0, step, Optional.empty(), "", List.of());
    }

    private static byte[] bytes(float... values) {
        var buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer.array();
    }

    private static Picture points(int count, float... values) {
        return new Picture(Picture.Source.FAKE, Picture.Format.POINTS, 1200, count, 2, count, bytes(values));
    }

    private Page visit(String hash) {
        var page = chromium.page();
        page.navigate(dashboard.page + "/" + hash);
        page.waitForSelector("body:not([data-loading])");
        dashboard.bus.publish(Addresses.PICTURES, points(2, 0, 0, 0.5f, 0));
        page.waitForSelector("#sample-canvas[data-step='1200']");
        return page;
    }

    @Test
    void aClickOnASampleLooksAtItAndADragGoesAboutIt() {
        try (var page = visit("")) {
            assertTrue(page.isHidden("#latent-plane"));
            var samples = page.locator("#sample-canvas").boundingBox();
            page.mouse().click(samples.x + samples.width / 2 + 2, samples.y + samples.height / 2 + 2);
            page.waitForSelector("#explorer[data-step='1200']");
            page.waitForFunction("() => document.querySelector('#nearest-told').textContent"
                    + " === 'sample 77, 0.25 away, nearest of 2,000 looked at, of 100,000'");
            assertEquals(new Explore(0, 1, List.of(1.0, 0.0), 0, true, Optional.empty(), Optional.empty(), Optional.empty()), asked.getFirst());
            assertTrue(asked.stream().anyMatch(of -> of.steps() == 64), "the way to the next");
            page.locator("#latent-plane").scrollIntoViewIfNeeded();
            var plane = page.locator("#latent-plane").boundingBox();
            page.mouse().move(plane.x + plane.width / 2, plane.y + plane.height / 2);
            page.mouse().down();
            page.mouse().move(plane.x + plane.width / 2, plane.y + plane.height);
            page.mouse().up();
            page.waitForFunction("() => { const [x, y] = document.querySelector('#explorer').dataset.at.split(',').map(Number);"
                    + " return Math.abs(x) < 0.02 && Math.abs(y + 1.3) < 0.02; }");
            page.focus("#latent-plane");
            page.keyboard().press("ArrowRight");
            page.waitForFunction("() => Math.abs(Number(document.querySelector('#explorer').dataset.at.split(',')[0]) - 0.05) < 0.02");
            page.click("#explore-close");
            page.waitForSelector("#latent-plane", new Page.WaitForSelectorOptions().setState(
                    WaitForSelectorState.HIDDEN));
        }
    }

    @Test
    void ofAMomentInThePastGOfThenIsAskedOnceTheTrainerIsThere() {
        try (var page = chromium.page()) {
            page.navigate(dashboard.page + "/#latents=1-0&at=5");
            page.waitForSelector("body:not([data-loading])");
            page.waitForFunction("() => document.querySelector('#nearest-told').textContent.startsWith('sample 77')");
            assertEquals(List.of(5L), List.copyOf(visited), "all questions wait for one way");
            assertTrue(asked.stream().allMatch(of -> of.past().equals(Optional.of(5L))), asked::toString);
            page.keyboard().press("Escape");
            Chromium.await(page, () -> asked.getLast().past().isEmpty());
        }
    }

    @Test
    void aLinkShowsTheSameLatentsByTheWeightsThatAreChosen() {
        try (var page = visit("#latents=1-0")) {
            page.waitForSelector("#explorer[data-step='1200']");
            assertEquals("1", page.inputValue("#latent-a"));
            page.selectOption("#latent-weights", "raw");
            page.fill("#truncation", "0.5");
            Chromium.await(page, () -> asked.stream().anyMatch(
                    of -> of.equals(new Explore(1, 0, List.of(1.0, 0.0), 0, false, Optional.empty(), Optional.of(0.5), Optional.empty()))));
            page.waitForFunction("() => location.hash.includes('latents=1-0')");
        }
    }

    @Test
    void allThatIsWrongWithARequestIsSaidAtOnce() {
        var refused = dashboard.post("/api/explore", """
                {"a": -1, "at": [[1, "x"]], "weights": "old", "class": 2, "truncation": 0}""");
        assertEquals(400, refused.status());
        assertEquals(5, refused.json().getJsonArray("problems").size(), refused::text);
        var unknown = dashboard.post("/api/explore", "{\"stpes\": 3}");
        assertEquals("stpes: unknown; did you mean steps?", unknown.error());
        var drawn = dashboard.post("/api/explore", "{\"a\": 4, \"b\": 2, \"steps\": 3}");
        assertEquals("1200", drawn.headers().get("vertigan-step"));
        assertEquals(3 * 8, drawn.bytes().length);
        assertEquals(JSON, dashboard.get("/api/latents").headers().get("content-type"));
    }
}
