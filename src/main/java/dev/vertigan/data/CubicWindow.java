package dev.vertigan.data;

/// What one pixel of a resized image is made of, in one direction: the cubic of Keys (1981, a = −1/2), when shrinking widened by the ratio of
/// sizes, so that every pixel counts and none is skipped.
///
/// @param from the first place
/// @param weights of the places from there on; their sum is 1
public record CubicWindow(int from, float[] weights) {

    private static final double REACH = 2; // of the cubic

    int last() {
        return from + weights.length - 1;
    }

    float weight(int place) {
        return place < from || place >= from + weights.length ? 0 : weights[place - from];
    }

    /// One channel of the pixel.
    ///
    /// @param row of pixels, `[places, channels]`
    float sum(float[] row, int channels, int channel) {
        float sum = 0;
        for (int k = 0; k < weights.length; k++) {
            sum += weights[k] * row[(from + k) * channels + channel];
        }
        return sum;
    }

    /// Of each of `extent` pixels that are made of `side`.
    static CubicWindow[] all(int side, int extent) {
        double ratio = (double) side / extent;
        double width = Math.max(1, ratio);
        var windows = new CubicWindow[extent];
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
            windows[i] = new CubicWindow(from, weights);
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

    /// An image of another size, in floating point.
    ///
    /// @param image `[height, width, channels]`, read from `offset` on
    /// @param shape its `[height, width, channels]`
    /// @return `[high, wide, channels]`
    public static float[] resize(float[] image, int offset, int[] shape, int high, int wide) {
        int width = shape[1];
        int channels = shape[2];
        var down = all(shape[0], high);
        var across = all(width, wide);
        var resized = new float[high * wide * channels];
        var row = new float[width * channels];
        for (int y = 0; y < high; y++) {
            for (int i = 0; i < row.length; i++) {
                float sum = 0;
                for (int k = 0; k < down[y].weights.length; k++) {
                    sum += down[y].weights[k] * image[offset + (down[y].from + k) * row.length + i];
                }
                row[i] = sum;
            }
            for (int i = 0; i < wide * channels; i++) {
                resized[y * wide * channels + i] = across[i / channels].sum(row, channels, i % channels);
            }
        }
        return resized;
    }
}
