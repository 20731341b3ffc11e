package dev.vertigan.tensor;

import dev.vertigan.cuda.Device;
import dev.vertigan.cuda.MatrixProducts;
import dev.vertigan.cuda.Program;

/// Convolutions on a card as products of matrices: each place's window of the image unfolded into a row of `patches[places, kh · kw · c]`,
/// for as many images at a time as there is room for.
final class CudaConvolutions implements Convolution, AutoCloseable {

    private static final long ROOM = 1L << 28; // bytes

    private final Program program;
    private final MatrixProducts products;
    private final CudaScratch scratch;

    CudaConvolutions(Device device, Program program, MatrixProducts products) {
        this.program = program;
        this.products = products;
        scratch = new CudaScratch(device);
    }

    /// Some images' part of the work: `rows` places of `width` values each.
    private interface Part {
        void run(int images, int rows, long large, long small, long patches);
    }

    private void byParts(Geometry g, long large, long small, Part part) {
        long places = (long) g.down() * g.across();
        long image = places * width(g) * Float.BYTES;
        int atOnce = Math.clamp(ROOM / image, 1, g.images());
        long patches = scratch.bytes(atOnce * image);
        for (int from = 0; from < g.images(); from += atOnce) {
            int images = Math.min(atOnce, g.images() - from);
            part.run(images, Math.toIntExact(images * places), large + from * g.largeImage() * Float.BYTES,
                    small + from * g.smallImage() * Float.BYTES, patches);
        }
    }

    private static int width(Geometry g) {
        return g.window().height() * g.window().width() * g.channels();
    }

    @Override
    public void convolve(Geometry g, long large, long weight, long small) {
        byParts(g, large, small, (_, rows, in, out, patches) -> {
            unfold(g, rows, in, patches);
            products.multiply(false, false, rows, g.features(), width(g), patches, weight, out, false);
        });
    }

    @Override
    public void transposed(Geometry g, long small, long weight, long large) {
        byParts(g, large, small, (images, rows, out, in, patches) -> {
            products.multiply(false, true, rows, width(g), g.features(), in, weight, patches, false);
            move("fold", g, images * g.largeImage(), patches, out);
        });
    }

    @Override
    public void weightGradient(Geometry g, long large, long small, long dweight, boolean accumulate) {
        byParts(g, large, small, (_, rows, in, dout, patches) -> {
            unfold(g, rows, in, patches);
            products.multiply(true, false, width(g), g.features(), rows, patches, dout, dweight, accumulate || in != large);
        });
    }

    private void unfold(Geometry g, long rows, long large, long patches) {
        move("unfold", g, rows * width(g), large, patches);
    }

    private void move(String kernel, Geometry g, long count, long from, long to) {
        var window = g.window();
        program.each(kernel, count, g.height(), g.width(), g.channels(), g.down(), g.across(), window.height(), window.width(), window.stride(),
                window.padding(), from, to);
    }

    @Override
    public void close() {
        scratch.close();
    }
}
