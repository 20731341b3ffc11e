package dev.vertigan.data;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;

/// Resizes the middle square of an image: the cubic of Keys (1981, a = −1/2), when shrinking widened by the ratio of sizes, so that every
/// pixel counts and none is skipped. A square of the wanted size is left as it is.
final class SquareResizer {

    private static final double REACH = 2; // of the cubic

    private SquareResizer() {}

    /// `[extent, extent, channels]`, not turned yet.
    ///
    /// @param orientation in which it will be seen, and so which pixels are in the middle
    static byte[] resize(PixelRows rows, Orientation orientation, int extent) throws IOException {
        int side = Math.min(rows.width(), rows.height());
        int left = orientation.left(rows.width() - side);
        int top = orientation.top(rows.height() - side);
        int channels = rows.channels();
        var windows = windows(side, extent);
        var row = new float[side * channels];
        var square = new byte[extent * extent * channels];
        var begun = new ArrayDeque<float[]>(); // the rows from `done` on, resized from top to bottom, not yet from left to right
        var spare = new ArrayDeque<float[]>();
        int done = 0;
        for (int y = 0; y < side; y++) {
            rows.read(top + y, left, side, row);
            while (done + begun.size() < extent && windows[done + begun.size()].from <= y) {
                begun.add(spare.isEmpty() ? new float[side * channels] : spare.pop());
            }
            int i = done;
            for (float[] flat : begun) {
                add(flat, windows[i++].weight(y), row); // most of the work, and vectorised: twice as fast as from left to right first
            }
            while (!begun.isEmpty() && windows[done].last() == y) {
                float[] flat = begun.remove();
                across(flat, windows, channels, square, done++ * extent * channels);
                Arrays.fill(flat, 0);
                spare.push(flat);
            }
        }
        return square;
    }

    private static void across(float[] flat, Window[] windows, int channels, byte[] square, int offset) {
        for (int i = 0; i < windows.length * channels; i++) {
            square[offset + i] = (byte) Math.clamp(Math.round(windows[i / channels].sum(flat, channels, i % channels)), 0, 255);
        }
    }

    private static void add(float[] target, float weight, float[] row) {
        for (int i = 0; i < target.length; i++) {
            target[i] += weight * row[i];
        }
    }

    /// What one pixel is made of, in one direction.
    ///
    /// @param from the first place
    /// @param weights of the places from there on; their sum is 1
    private record Window(int from, float[] weights) {

        int last() {
            return from + weights.length - 1;
        }

        float weight(int place) {
            return place < from || place >= from + weights.length ? 0 : weights[place - from];
        }

        float sum(float[] row, int channels, int channel) {
            float sum = 0;
            for (int k = 0; k < weights.length; k++) {
                sum += weights[k] * row[(from + k) * channels + channel];
            }
            return sum;
        }
    }

    private static Window[] windows(int side, int extent) {
        double ratio = (double) side / extent;
        double width = Math.max(1, ratio);
        var windows = new Window[extent];
        for (int i = 0; i < extent; i++) {
            double centre = (i + 0.5) * ratio - 0.5;
            int from = Math.max(0, (int) Math.ceil(centre - REACH * width));
            int to = Math.min(side - 1, (int) Math.floor(centre + REACH * width));
            double total = 0;
            for (int place = from; place <= to; place++) {
                total += cubic((place - centre) / width);
            }
            var weights = new float[to - from + 1];
            for (int k = 0; k < weights.length; k++) {
                weights[k] = (float) (cubic((from + k - centre) / width) / total);
            }
            windows[i] = new Window(from, weights);
        }
        return windows;
    }

    private static double cubic(double distance) {
        double d = Math.abs(distance);
        if (d >= REACH) {
            return 0;
        }
        return d < 1 ? (1.5 * d - 2.5) * d * d + 1 : ((-0.5 * d + 2.5) * d - 4) * d + 2;
    }
}
