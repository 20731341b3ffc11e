package dev.vertigan.data;

/// Resizes the middle square of an image: the cubic of Keys (1981, a = −1/2), when shrinking widened by the ratio of sizes, so that every
/// pixel counts and none is skipped. A square of the wanted size is left as it is.
final class SquareResizer {

    private static final double REACH = 2; // of the cubic

    private SquareResizer() {}

    /// `[extent, extent, channels]`
    static byte[] resize(PixelRows rows, int extent) {
        int side = Math.min(rows.width(), rows.height());
        int left = (rows.width() - side) / 2;
        int top = (rows.height() - side) / 2;
        int channels = rows.channels();
        var windows = windows(side, extent);
        var row = new float[side * channels];
        var flat = new float[extent][side * channels]; // resized from top to bottom, not yet from left to right
        for (int y = 0; y < side; y++) {
            rows.read(top + y, left, side, row);
            for (int i = 0; i < extent; i++) {
                float weight = windows[i].weight(y);
                if (weight != 0) {
                    add(flat[i], weight, row); // most of the work, and vectorised: twice as fast as from left to right first
                }
            }
        }
        var square = new byte[extent * extent * channels];
        for (int i = 0; i < square.length; i++) {
            int pixel = i / channels;
            float sum = windows[pixel % extent].sum(flat[pixel / extent], channels, i % channels);
            square[i] = (byte) Math.clamp(Math.round(sum), 0, 255);
        }
        return square;
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
