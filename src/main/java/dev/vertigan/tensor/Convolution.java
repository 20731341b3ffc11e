package dev.vertigan.tensor;

/// A way to compute convolutions on the CPU. The methods are those of [Kernels], given addresses.
public interface Convolution {

    /// The two sides of a convolution: `large[images, height, width, channels]` and `small[images, down, across, features]`.
    public record Geometry(int images, int height, int width, int channels, int down, int across, int features, Window window) {

        public static Geometry of(Tensor large, Window window, Tensor small) {
            return new Geometry((int) large.extent(0), (int) large.extent(1), (int) large.extent(2), (int) large.extent(3),
                    (int) small.extent(1), (int) small.extent(2), (int) small.extent(3), window);
        }

        /// Values of one image on the large side.
        public long largeImage() {
            return (long) height * width * channels;
        }

        /// Values of one image on the small side.
        public long smallImage() {
            return (long) down * across * features;
        }
    }

    void convolve(Geometry geometry, long large, long weight, long small);

    void transposed(Geometry geometry, long small, long weight, long large);

    void weightGradient(Geometry geometry, long large, long small, long dweight, boolean accumulate);
}
