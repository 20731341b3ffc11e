package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vertigan.bus.Addresses;
import dev.vertigan.cli.Chromium;
import dev.vertigan.data.Dataset;
import dev.vertigan.values.ExploreRequest.Explore;
import dev.vertigan.values.ExploreRequest.Explored;
import dev.vertigan.values.ExploreRequest.FindNearest;
import dev.vertigan.values.ExploreRequest.GetLatents;
import dev.vertigan.values.ExploreRequest.LatentSpace;
import dev.vertigan.values.ExploreRequest.Nearest;
import dev.vertigan.values.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a latent gave as training goes on, of a generator of two images of 4×4: latent 0 is black, latent 1 white.
@Tag("browser")
class FilmPageTest {

    private static final int SIDE = 4;
    private static final int GAP = 2;
    private static final String FIRST = "#explorer .film button[data-step='5']";

    @RegisterExtension
    static final Chromium chromium = new Chromium();

    private final List<Long> saved = new CopyOnWriteArrayList<>(List.of(5L, 10L));
    private final List<Long> read = new CopyOnWriteArrayList<>();
    private final Dashboard dashboard = new Dashboard(
            new RunInfo.Data("digits", Dataset.Kind.IMAGE, List.of(SIDE, SIDE, 1), 100, List.of(), List.of()), new Samples() {

                @Override
                public List<Long> steps() {
                    return saved;
                }

                @Override
                public Optional<byte[]> read(long step, String suffix) {
                    read.add(step);
                    return Optional.of(images());
                }
            });

    @AfterEach
    void stop() {
        dashboard.close();
    }

    private static byte[] images() {
        var image = new BufferedImage(2 * SIDE + GAP, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < SIDE; x++) {
                image.setRGB(SIDE + GAP + x, y, 0xffffff);
            }
        }
        var png = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return png.toByteArray();
    }

    private static Picture picture(long step) {
        return new Picture(Picture.Source.FAKE, Picture.Format.PNG, step, 2, 2 * SIDE + GAP, SIDE, images());
    }

    private void draw(long step) {
        saved.add(step);
        dashboard.bus.publish(Addresses.PICTURES, picture(step));
    }

    @Test
    void whatIsSavedWhileTheExplorerIsOpenIsAddedAndNothingIsReadTwice() {
        dashboard.bus.serve(GetLatents.class, _ -> new LatentSpace(2, 2, true, 0, 100));
        dashboard.bus.serve(Explore.class, _ -> new Explored(picture(1)));
        dashboard.bus.serve(FindNearest.class, _ -> new Nearest(7, 0, 0.25, 100, 100, picture(1)));
        try (var page = chromium.page()) {
            page.navigate(dashboard.page);
            page.waitForSelector("body:not([data-loading])");
            page.waitForSelector("#time-slider[max='2']");
            draw(15);
            page.waitForSelector("#time-slider[max='3']");
            assertEquals(List.of(), List.copyOf(read), "read though nobody looks at them");

            page.evaluate("() => location.hash = 'latents=0-1'");
            page.waitForFunction("() => document.querySelectorAll('#explorer .film button').length === 3");
            page.evalOnSelector(FIRST, "button => { button.kept = true; button.focus(); }");
            draw(20);
            page.waitForSelector("#explorer .film button[data-step='20']");
            assertEquals(List.of("5", "10", "15", "20"),
                    page.evalOnSelectorAll("#explorer .film button", "buttons => buttons.map(button => button.dataset.step)"));
            assertEquals(true, page.evalOnSelector(FIRST, "button => button.kept && document.activeElement === button"), "drawn anew");

            page.fill("#latent-a", "1");
            page.press("#latent-a", "Enter");
            page.waitForFunction("() => document.querySelector(\"" + FIRST + " canvas\").getContext('2d').getImageData(1, 1, 1, 1).data[0] === 255");
            assertEquals(List.of(5L, 10L, 15L, 20L), read.stream().sorted().toList(), "each once");
        }
    }
}
