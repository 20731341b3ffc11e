package dev.vertigan.data;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;

/// Resizes the middle square of an image by [CubicWindow]s. A square of the wanted size is left as it is.
final class SquareResizer {

    private SquareResizer() {}

    /// `[extent, extent, channels]`, not turned yet.
    ///
    /// @param orientation in which it will be seen, and so which pixels are in the middle
    static byte[] resize(PixelRows rows, Orientation orientation, int extent) throws IOException {
        int side = Math.min(rows.width(), rows.height());
        int left = orientation.left(rows.width() - side);
        int top = orientation.top(rows.height() - side);
        int channels = rows.channels();
        var windows = CubicWindow.all(side, extent);
        var row = new float[side * channels];
        var square = new byte[extent * extent * channels];
        var begun = new ArrayDeque<float[]>(); // the rows from `done` on, resized from top to bottom, not yet from left to right
        var spare = new ArrayDeque<float[]>();
        int done = 0;
        for (int y = 0; y < side; y++) {
            rows.read(top + y, left, side, row);
            while (done + begun.size() < extent && windows[done + begun.size()].from() <= y) {
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

    private static void across(float[] flat, CubicWindow[] windows, int channels, byte[] square, int offset) {
        for (int i = 0; i < windows.length * channels; i++) {
            square[offset + i] = (byte) Math.clamp(Math.round(windows[i / channels].sum(flat, channels, i % channels)), 0, 255);
        }
    }

    private static void add(float[] target, float weight, float[] row) {
        for (int i = 0; i < target.length; i++) {
            target[i] += weight * row[i];
        }
    }
}
