package dev.vertigan.game;

import dev.vertigan.config.RunConfig;
import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Philox;
import java.util.Arrays;

/// What is done at random to each image before D sees it, real or generated, so that D cannot learn few images by heart: mirrored, then colours,
/// then moved, then a square cut out (DiffAugment, Zhao et al. 2020).
///
/// Each image's numbers are a pure function of (seed, stream, step, row). All is linear in the pixels but for a constant, so the gradient goes
/// back by the exact adjoint.
final class Augmentation {

    private static final int NUMBERS = 8; // an image

    private final RunConfig.Augmentation config;
    private final int height;
    private final int width;
    private final int channels;
    private final double black;
    private final double[] moved;

    /// @param image its shape
    /// @param black what a black pixel is, 0 or −1
    Augmentation(RunConfig.Augmentation config, Shape image, double black) {
        this.config = config;
        height = image.extents().getFirst();
        width = image.extents().get(1);
        channels = image.extents().getLast();
        this.black = black;
        moved = new double[height * width * channels];
    }

    /// @param left, top, of what is cut out, which may lie partly outside
    private record Plan(boolean flip, double brightness, double saturation, double contrast, int right, int down, int left, int top, int cutWidth,
            int cutHeight) {}

    private Plan plan(Draw draw, long row) {
        double[] u = new double[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            u[i] = Philox.uniform(draw.seed(), draw.stream(), draw.step(), (draw.from() + row) * NUMBERS + i);
        }
        int cutWidth = (int) Math.round(config.cutout() * width);
        int cutHeight = (int) Math.round(config.cutout() * height);
        return new Plan(config.flip() && u[0] < 0.5, config.colour() * (u[1] - 0.5) * (1 - black) / 2, 1 + config.colour() * (2 * u[2] - 1),
                1 + config.colour() * (u[3] - 0.5), shift(u[4], width), shift(u[5], height),
                (int) Math.floor(u[6] * (width + 1 - cutWidth % 2)) - cutWidth / 2,
                (int) Math.floor(u[7] * (height + 1 - cutHeight % 2)) - cutHeight / 2, cutWidth, cutHeight);
    }

    private int shift(double u, int extent) {
        int most = (int) Math.round(config.translate() * extent);
        return (int) Math.floor(u * (2 * most + 1)) - most;
    }

    /// In place: an image as D sees it.
    ///
    /// @param row in the draw
    void apply(double[] x, Draw draw, long row) {
        var plan = plan(draw, row);
        if (plan.flip) {
            flip(x);
        }
        if (config.colour() > 0) {
            for (int i = 0; i < x.length; i++) {
                x[i] += plan.brightness;
            }
            colour(x, plan);
        }
        move(x, plan.right, plan.down, black);
        cut(x, plan, black);
    }

    /// In place: the adjoint of [#apply], from a gradient at what D sees to that at the image.
    void applyAdjoint(double[] dy, Draw draw, long row) {
        var plan = plan(draw, row);
        cut(dy, plan, 0);
        move(dy, -plan.right, -plan.down, 0);
        if (config.colour() > 0) {
            colour(dy, plan);
        }
        if (plan.flip) {
            flip(dy);
        }
    }

    private void flip(double[] x) {
        for (int y = 0; y < height; y++) {
            for (int i = 0; i < width / 2; i++) {
                for (int c = 0; c < channels; c++) {
                    int a = (y * width + i) * channels + c;
                    int b = (y * width + width - 1 - i) * channels + c;
                    double swapped = x[a];
                    x[a] = x[b];
                    x[b] = swapped;
                }
            }
        }
    }

    /// Away from each pixel's mean over its channels, then from the image's mean: two maps that are their own adjoints and may change places.
    private void colour(double[] x, Plan plan) {
        blend(x, channels, plan.saturation);
        blend(x, x.length, plan.contrast);
    }

    private static void blend(double[] x, int group, double factor) {
        for (int from = 0; from < x.length; from += group) {
            double sum = 0;
            for (int i = from; i < from + group; i++) {
                sum += x[i];
            }
            double mean = sum / group;
            for (int i = from; i < from + group; i++) {
                x[i] = mean + factor * (x[i] - mean);
            }
        }
    }

    private void move(double[] x, int right, int down, double fill) {
        if (right == 0 && down == 0) {
            return;
        }
        Arrays.fill(moved, fill);
        for (int y = Math.max(0, down); y < Math.min(height, height + down); y++) {
            int from = Math.max(0, right);
            int to = Math.min(width, width + right);
            System.arraycopy(x, ((y - down) * width + from - right) * channels, moved, (y * width + from) * channels, (to - from) * channels);
        }
        System.arraycopy(moved, 0, x, 0, x.length);
    }

    private void cut(double[] x, Plan plan, double fill) {
        int left = Math.max(0, plan.left);
        int right = Math.min(width, plan.left + plan.cutWidth);
        for (int y = Math.max(0, plan.top); y < Math.min(height, plan.top + plan.cutHeight); y++) {
            if (left < right) {
                Arrays.fill(x, (y * width + left) * channels, (y * width + right) * channels, fill);
            }
        }
    }
}
