package dev.vertigan.tensor.cuda;

import dev.vertigan.cuda.CommandQueue;
import dev.vertigan.tensor.Convolution;

/// Convolutions on a card as products of matrices: each place's window of the image unfolded into a row of `patches[places, kh · kw · c]`,
/// for as many images at a time as there is room for.
final class CudaConvolutions implements Convolution, AutoCloseable {

    private static final long ROOM = 1L << 28; // bytes
    private static final int THREADS = 256; // of a block
    private static final int MOST_BLOCKS = 1 << 16;

    private final CommandQueue queue;
    private final CudaCall call;
    private final CudaScratch scratch;

    CudaConvolutions(CommandQueue queue, CudaCall call) {
        this.queue = queue;
        this.call = call;
        scratch = new CudaScratch(queue);
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
        byParts(g, large, small, (images, rows, in, out, patches) -> {
            unfold(g, images, rows, in, patches);
            queue.multiply(false, false, rows, g.features(), width(g), patches, weight, out, false);
        });
    }

    @Override
    public void transposed(Geometry g, long small, long weight, long large) {
        byParts(g, large, small, (images, rows, out, in, patches) -> {
            queue.multiply(false, true, rows, width(g), g.features(), in, weight, patches, false);
            fold(g, images, rows, patches, out);
        });
    }

    @Override
    public void weightGradient(Geometry g, long large, long small, long dweight, boolean accumulate) {
        byParts(g, large, small, (images, rows, in, dout, patches) -> {
            unfold(g, images, rows, in, patches);
            queue.multiply(true, false, width(g), g.features(), rows, patches, dout, dweight, accumulate || in != large);
        });
    }

    private void unfold(Geometry g, int images, int rows, long large, long patches) {
        int jobs = rows * g.window().height();
        move("unfold", jobs, g).reads(large, images * g.largeImage() * Float.BYTES).writes(patches, (long) rows * width(g) * Float.BYTES);
        byRows(jobs, CudaColumns.lanes(g.window().width() * g.channels()));
    }

    private void fold(Geometry g, int images, int rows, long patches, long large) {
        int pixels = Math.toIntExact((long) images * g.height() * g.width());
        move("fold", pixels, g).reads(patches, (long) rows * width(g) * Float.BYTES).writes(large, images * g.largeImage() * Float.BYTES);
        byRows(pixels, CudaColumns.lanes(g.channels()));
    }

    private CudaCall move(String kernel, int jobs, Geometry g) {
        var window = g.window();
        return call.to(kernel).number(jobs).number(g.height()).number(g.width()).number(g.channels()).number(g.down()).number(g.across())
                .number(window.height()).number(window.width()).number(window.stride()).number(window.padding());
    }

    /// Jobs of so many threads side by side.
    private void byRows(int jobs, int wide) {
        int blockX = Math.min(wide, THREADS);
        int blockY = THREADS / blockX;
        call.on(Math.min((jobs + blockY - 1) / blockY, MOST_BLOCKS), 1, blockX, blockY);
    }

    @Override
    public void close() {
        scratch.close();
    }
}
