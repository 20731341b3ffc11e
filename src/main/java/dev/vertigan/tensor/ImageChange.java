package dev.vertigan.tensor;

import java.util.Arrays;

/// What is done to one image `[height, width, channels]`: it is mirrored, its colours are changed, it is moved, and a rectangle is cut out. All is
/// linear in the pixels but for a constant, so there is an exact adjoint.
///
/// @param colours whether they are changed at all
/// @param brightness added to each value
/// @param saturation how far each value is then from its pixel's mean over the channels, of what it was
/// @param contrast how far each is then from the image's mean
/// @param right, down pixels
/// @param left, top of what is cut out, which may lie partly outside
public record ImageChange(boolean flip, boolean colours, double brightness, double saturation, double contrast, int right, int down, int left,
        int top, int cutWidth, int cutHeight) {

    /// In place.
    ///
    /// @param x `[height · width · channels]`
    /// @param black what there is where nothing was moved to, and in what is cut out
    public void apply(double[] x, int height, int width, double black) {
        int channels = x.length / (height * width);
        if (flip) {
            flip(x, width, channels);
        }
        if (colours) {
            for (int i = 0; i < x.length; i++) {
                x[i] += brightness;
            }
            blend(x, channels);
        }
        move(x, right, down, black, height, width);
        cut(x, black, height, width);
    }

    /// In place: the adjoint of [#apply]'s linear part, from a gradient at the changed image to that at the image.
    public void applyAdjoint(double[] dy, int height, int width) {
        int channels = dy.length / (height * width);
        cut(dy, 0, height, width);
        move(dy, -right, -down, 0, height, width);
        if (colours) {
            blend(dy, channels);
        }
        if (flip) {
            flip(dy, width, channels);
        }
    }

    private static void flip(double[] x, int width, int channels) {
        for (int row = 0; row < x.length; row += width * channels) {
            for (int i = 0; i < width / 2; i++) {
                for (int c = 0; c < channels; c++) {
                    int a = row + i * channels + c;
                    int b = row + (width - 1 - i) * channels + c;
                    double swapped = x[a];
                    x[a] = x[b];
                    x[b] = swapped;
                }
            }
        }
    }

    /// Two maps that are their own adjoints and may change places.
    private void blend(double[] x, int channels) {
        blend(x, channels, saturation);
        blend(x, x.length, contrast);
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

    private static void move(double[] x, int right, int down, double fill, int height, int width) {
        if (right == 0 && down == 0) {
            return;
        }
        int channels = x.length / (height * width);
        double[] moved = new double[x.length];
        Arrays.fill(moved, fill);
        for (int y = Math.max(0, down); y < Math.min(height, height + down); y++) {
            int from = Math.max(0, right);
            int to = Math.min(width, width + right);
            System.arraycopy(x, ((y - down) * width + from - right) * channels, moved, (y * width + from) * channels, (to - from) * channels);
        }
        System.arraycopy(moved, 0, x, 0, x.length);
    }

    private void cut(double[] x, double fill, int height, int width) {
        int channels = x.length / (height * width);
        int from = Math.max(0, left);
        int to = Math.min(width, left + cutWidth);
        for (int y = Math.max(0, top); y < Math.min(height, top + cutHeight); y++) {
            if (from < to) {
                Arrays.fill(x, (y * width + from) * channels, (y * width + to) * channels, fill);
            }
        }
    }
}
