package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketRoute;
import dev.vertigan.bus.Addresses;
import dev.vertigan.cli.Chromium;
import dev.vertigan.data.Dataset;
import dev.vertigan.values.Audience;
import dev.vertigan.values.Picture;
import dev.vertigan.values.Scene;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a person sees of the duel in the plane, of scenes that the test makes up.
@Tag("browser")
class DuelPageTest {

    private static final int PLACES = 32;
    private static final Samples SAMPLES = new Samples() {
        @Override
        public List<Long> steps() {
            return List.of(5L, 10L);
        }

        @Override
        public Optional<byte[]> read(long step, String suffix) {
            return Optional.of(new byte[16]);
        }
    };

    @RegisterExtension
    static final Chromium chromium = new Chromium();

    private final List<Integer> pages = new CopyOnWriteArrayList<>();
    private Dashboard dashboard;

    @BeforeEach
    void serve() {
        dashboard = new Dashboard(SAMPLES);
        dashboard.bus.listen(Addresses.AUDIENCE, Audience.class, audience -> pages.add(audience.pages()));
    }

    @AfterEach
    void stop() {
        dashboard.close();
    }

    private record Array(String name, String shape, float[] values) {}

    /// @param field D's logits
    /// @param push of the one fake, which is at the origin
    private static Scene scene(long step, DoubleBinaryOperator field, float... push) {
        float[] side = new float[PLACES];
        float[] logits = new float[PLACES * PLACES];
        for (int i = 0; i < PLACES; i++) {
            side[i] = -2 + 4f * i / (PLACES - 1);
        }
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) field.applyAsDouble(side[i % PLACES], side[i / PLACES]);
        }
        var arrays = List.of(new Array("realLogits", "[1]", new float[] {1}), new Array("fakeLogits", "[1]", new float[] {-1}),
                new Array("fakes", "[1,2]", new float[2]), new Array("push", "[1,2]", push), new Array("side", "[32]", side),
                new Array("logits", "[32,32]", logits));
        var bytes = new ByteArrayOutputStream();
        for (var array : arrays) {
            var buffer = ByteBuffer.allocate(4 * array.values.length).order(ByteOrder.LITTLE_ENDIAN);
            buffer.asFloatBuffer().put(array.values);
            bytes.writeBytes(buffer.array());
        }
        return new Scene(step, arrays.stream()
                .map(array -> String.format(Locale.ROOT, "{\"name\":\"%s\",\"shape\":%s,\"type\":\"f32\",\"scale\":1}", array.name, array.shape))
                .collect(Collectors.joining(",", "[", "]")), bytes.toByteArray());
    }

    private void publish(Scene scene) {
        dashboard.bus.publish(Addresses.PICTURES, new Picture(Picture.Source.FAKE, Picture.Format.POINTS, scene.step(), 1, 2, 1, new byte[8]));
        dashboard.bus.publish(Addresses.SCENES, scene);
    }

    private Page visit(String layers) {
        var page = chromium.page();
        page.navigate(dashboard.page + "/#layers=" + layers);
        page.waitForSelector("body:not([data-loading])");
        return page;
    }

    private static void drawn(Page page, long step) {
        page.waitForSelector("#sample-canvas[data-scene='" + step + "']");
        page.waitForFunction("async () => { await new Promise((resolve) => setTimeout(resolve, 450)); return true; }"); // the points have moved there
    }

    /// A pixel of the canvas as red, green, blue and opacity, so far from its middle.
    private static List<Integer> pixel(Page page, int right, int up) {
        return ((List<?>) page.evaluate("""
                ({ right, up }) => {
                  const canvas = document.querySelector('#sample-canvas');
                  const ratio = canvas.width / canvas.clientWidth;
                  return [...canvas.getContext('2d').getImageData(canvas.width / 2 + right * ratio, canvas.height / 2 - up * ratio, 1, 1).data];
                }""", Map.of("right", right, "up", up))).stream().map(value -> ((Number) value).intValue()).toList();
    }

    private static boolean green(List<Integer> pixel) {
        return pixel.get(3) > 60 && pixel.get(1) > pixel.get(0);
    }

    private static boolean orange(List<Integer> pixel) {
        return pixel.get(3) > 60 && pixel.get(0) > pixel.get(1);
    }

    /// A line may fall between two pixels.
    private static boolean ink(Page page, int right, int up) {
        return IntStream.rangeClosed(-1, 1).boxed().flatMap(off -> Stream.of(pixel(page, right + off, up), pixel(page, right, up + off)))
                .anyMatch(pixel -> pixel.get(3) > 60 && pixel.get(0) + pixel.get(1) + pixel.get(2) < 600);
    }

    @Test
    void theHeatMapFollowsWhatDThinks() {
        try (var page = visit("field")) {
            publish(scene(20, (x, y) -> -3 * x, 0, 0));
            drawn(page, 20);
            assertTrue(green(pixel(page, -100, 60)) && orange(pixel(page, 100, 60)), "left is real");
            publish(scene(21, (x, y) -> 3 * y, 0, 0));
            drawn(page, 21);
            assertTrue(green(pixel(page, 100, 90)) && orange(pixel(page, 100, -90)), "up is real");
            page.click("#layer-field");
            page.waitForFunction("() => location.hash.includes('layers=none')");
            assertEquals(0, pixel(page, 100, 90).get(3), "no layer, no colour");
        }
    }

    @Test
    void anArrowPointsWhereTheGradientDoes() {
        try (var page = visit("push")) {
            publish(scene(30, (x, y) -> 0, 0, 0.001f));
            drawn(page, 30);
            assertTrue(ink(page, 0, 20) && !ink(page, 0, -20), "above the sample, not below");
            publish(scene(31, (x, y) -> 0, -5, 0));
            drawn(page, 31);
            assertTrue(ink(page, -20, 0) && !ink(page, 20, 0), "left of it");
        }
    }

    private static Picture rows(Picture.Source source, float... values) {
        var bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new Picture(source, Picture.Format.POINTS, 40, values.length / 3, 3, values.length / 3, bytes.array());
    }

    /// Latent 0 has its point high in column c, latent 1 in column b.
    @Test
    void anyTwoColumnsOfATableAreSeen() {
        try (var table = new Dashboard(new RunInfo.Data("table", Dataset.Kind.POINTS, List.of(3), 9, List.of(), List.of("a", "b", "c")));
                var page = chromium.page()) {
            page.navigate(table.page);
            page.waitForSelector("body:not([data-loading])");
            table.bus.publish(Addresses.PICTURES, rows(Picture.Source.REAL, -1, -1, -1, 1, 1, 1));
            table.bus.publish(Addresses.PICTURES, rows(Picture.Source.FAKE, 0, 0, 1, 0, 1, 0));
            page.waitForSelector("#sample-canvas[data-step='40']");
            clickHigh(page);
            page.waitForFunction("() => location.hash.includes('latents=1-2')");
            page.selectOption("#axis-y", "2");
            clickHigh(page);
            page.waitForFunction("() => location.hash.includes('latents=0-1') && location.hash.includes('axes=0-2')");
            page.reload();
            page.waitForSelector("body:not([data-loading])");
            page.waitForFunction("() => document.querySelector('#axis-y').value === '2'");
        }
    }

    /// What is seen of it is neither as wide nor as long ago as what was seen of the one before.
    @Test
    void anotherRunHasAPageOfItsOwn() {
        var name = new AtomicReference<>("2026-11-21-ring");
        var sockets = new CopyOnWriteArrayList<WebSocketRoute>();
        try (var page = chromium.page()) {
            page.routeWebSocket("**/live", socket -> {
                sockets.add(socket);
                socket.connectToServer().onMessage(frame -> {
                    if (frame.text() == null) {
                        socket.send(frame.binary());
                    } else {
                        socket.send(frame.text().replace("2026-11-21-ring", name.get()));
                    }
                });
            });
            dashboard.bus.publish(Addresses.PICTURES, real(8));
            page.navigate(dashboard.page + "/#smooth=50&zoom=10-20&at=10");
            page.waitForSelector("body:not([data-loading])");
            page.evaluate("() => { window.first = true; }");
            dashboard.bus.publish(Addresses.PICTURES, real(1));
            name.set("another");
            sockets.getLast().close();
            page.waitForFunction("() => !window.first && document.querySelector('#run-name')?.textContent === 'another'");
            page.waitForSelector("body:not([data-loading])");
            assertEquals("#smooth=50", page.evaluate("() => location.hash"));
            int reach = ((Number) page.evaluate("() => { const { clientWidth, clientHeight } = document.querySelector('#sample-canvas');"
                    + " return Math.round(0.4 * Math.min(clientWidth, clientHeight)); }")).intValue();
            Chromium.await(page, () -> green(pixel(page, reach, reach)));
        }
    }

    /// A point as far to the right as up.
    private static Picture real(float place) {
        var bytes = ByteBuffer.allocate(2 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(place).putFloat(place);
        return new Picture(Picture.Source.REAL, Picture.Format.POINTS, 40, 1, 2, 1, bytes.array());
    }

    /// Where a value of 1 is seen above the middle; the reals reach to four fifths of the height.
    private static void clickHigh(Page page) {
        var box = page.locator("#sample-canvas").boundingBox();
        page.locator("#sample-canvas").click(new Locator.ClickOptions().setPosition(box.width / 2, box.height * 0.1));
    }

    @Test
    void thePastShowsTheSceneOfItsStepOrSaysThatThereIsNone() {
        publish(scene(10, (x, y) -> 3, 0, 0));
        publish(scene(40, (x, y) -> -3, 0, 0));
        try (var page = visit("field&at=10")) {
            drawn(page, 10);
            assertTrue(green(pixel(page, 100, 60)), "of then");
            page.evaluate("() => { location.hash = '#layers=field&at=5'; }");
            page.waitForSelector("#scene-missing");
            assertFalse(page.isVisible("#layer-field"));
            page.click("#time-live");
            drawn(page, 40);
            assertTrue(orange(pixel(page, 100, 60)), "of now");
        }
    }

    @Test
    void aMovingPictureShowsEveryMomentThatWasKept() throws IOException {
        publish(scene(5, (x, y) -> -3, 0, 0));
        publish(scene(10, (x, y) -> 3, 0, 0));
        try (var page = visit("field")) {
            drawn(page, 10);
            var gif = ImageIO.getImageReadersByFormatName("gif").next();
            gif.setInput(ImageIO.createImageInputStream(page.waitForDownload(() -> page.click("#keep-gif")).path().toFile()));
            assertEquals(2, gif.getNumImages(true));
            var first = new Color(gif.read(0).getRGB(60, 60));
            var last = new Color(gif.read(1).getRGB(60, 60));
            assertTrue(first.getRed() > first.getGreen(), () -> "orange at step 5: " + first);
            assertTrue(last.getGreen() > last.getRed(), () -> "green at step 10: " + last);
        }
    }

    @Test
    void theRunIsToldWhenSomeoneLooksAndWhenNobodyDoes() {
        try (var page = visit("field")) {
            Chromium.await(page, () -> !pages.isEmpty() && pages.getLast() > 0);
        }
        try (var page = chromium.page()) {
            Chromium.await(page, () -> pages.getLast() == 0);
        }
        assertTrue(dashboard.get("/api/scenes").json().containsKey("steps"));
        assertEquals(404, dashboard.get("/api/scenes/123456").status());
        assertEquals(404, dashboard.get("/api/scenes/x").status());
    }
}
