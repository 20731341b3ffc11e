package dev.vertigan.game;

import dev.vertigan.config.RunConfig;
import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.ImageChange;
import dev.vertigan.tensor.Philox;
import java.util.List;
import java.util.stream.IntStream;

/// What is done at random to each image before D sees it, real or generated, so that D cannot learn few images by heart: mirrored, then colours,
/// then moved, then a square cut out (DiffAugment, Zhao et al. 2020).
///
/// Each image's numbers are a pure function of (seed, stream, step, row).
final class Augmentation {

    private static final int NUMBERS = 8; // an image

    private final RunConfig.Augmentation config;
    private final int height;
    private final int width;
    private final double black;

    /// @param image its shape
    /// @param black what a black pixel is, 0 or −1
    Augmentation(RunConfig.Augmentation config, Shape image, double black) {
        this.config = config;
        height = image.extents().getFirst();
        width = image.extents().get(1);
        this.black = black;
    }

    /// For the images of a minibatch.
    List<ImageChange> of(Draw draw, long rows) {
        return IntStream.range(0, Math.toIntExact(rows)).mapToObj(row -> of(draw, row)).toList();
    }

    /// @param row in the draw
    ImageChange of(Draw draw, int row) {
        double[] u = new double[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            u[i] = Philox.uniform(draw.seed(), draw.stream(), draw.step(), (draw.from() + row) * NUMBERS + i);
        }
        int cutWidth = (int) Math.round(config.cutout() * width);
        int cutHeight = (int) Math.round(config.cutout() * height);
        return new ImageChange(config.flip() && u[0] < 0.5, config.colour() > 0, config.colour() * (u[1] - 0.5) * (1 - black) / 2,
                1 + config.colour() * (2 * u[2] - 1), 1 + config.colour() * (u[3] - 0.5), shift(u[4], width), shift(u[5], height),
                (int) Math.floor(u[6] * (width + 1 - cutWidth % 2)) - cutWidth / 2,
                (int) Math.floor(u[7] * (height + 1 - cutHeight % 2)) - cutHeight / 2, cutWidth, cutHeight);
    }

    private int shift(double u, int extent) {
        int most = (int) Math.round(config.translate() * extent);
        return (int) Math.floor(u * (2 * most + 1)) - most;
    }
}
