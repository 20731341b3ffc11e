package dev.vertigan.tensor.simd;

import dev.vertigan.tensor.Convolution;
import dev.vertigan.tensor.Lanes;
import dev.vertigan.tensor.Workers;
import dev.vertigan.tensor.blas.Blas;

/// Convolutions of DCGAN's kind, 4×4 with stride 2, in 25/64 of the multiplications: Winograd's minimal filtering F(4×4, 2×2)
/// (Winograd 1980; Lavin & Gray 2016) over cells of 2×2 pixels.
///
/// Seen in cells, that convolution is one of 2×2 cells with stride 1 over four times the channels. In one dimension four of its outputs
/// `yᵢ = dᵢg₀ + dᵢ₊₁g₁` need five cells d and two weights g, and are `y = Aᵀ[(G g) ⊙ (Bᵀ d)]`: five products instead of eight. From the points
/// 0, 1, −1, 2 and ∞:
///
///          2 −1 −2  1  0         1/2   0            1  1  1  1  0
///          0 −2 −1  1  0        −1/2 −1/2     Aᵀ =  0  1 −1  2  0
///     Bᵀ = 0  2 −3  1  0    G = −1/6  1/6           0  1  1  4  0
///          0 −1  0  1  0         1/6  1/3           0  1 −1  8  1
///          0  2 −1 −2  1          0    1
///
/// In two dimensions 25 instead of 64, each a matrix product over the channels. Rounding is about five times that of the direct sum, some
/// 10⁻⁶ of the largest value. Both backward passes are transposes of this and cost as little. A NaN or an infinity spoils its whole tile of
/// 4×4 outputs.
///
/// `V[25, tiles, 4c]` is the inputs' side, `U[25, 4c, o]` the weights', `M[25, tiles, o]` the products'. What lies beyond the border is zero.
final class WinogradConvolution implements Convolution {

    private static final int EXTENT = 4;
    private static final int STRIDE = 2;
    private static final int PADDING = 1;
    private static final int TILE = 4; // outputs of a tile, along an axis
    private static final int SPAN = 5; // cells of a tile, and products
    private static final int PRODUCTS = SPAN * SPAN;
    private static final int PARITIES = 4; // pixels of a cell
    private static final int PIXELS = SPAN * STRIDE; // of a tile's row
    private static final double LEAST_SAVED = 0.75; // share of the direct products worth the sums and differences
    private static final int CUT_LEAST = 128; // rows of a product worth cutting
    private static final int CUTS = 2; // whatever the threads, so that the bits are the same
    private static final int CUT_MULTIPLE = 16;
    private static final int STRETCH = 512; // weights at a time, which stay in the first cache

    private final Workers workers;
    private final Scratch inputs = new Scratch(); // V
    private final Scratch weights = new Scratch(); // U
    private final Scratch products = new Scratch(); // M
    private final Scratch stages = new Scratch(); // between the two dimensions, one a thread
    private final Scratch border = new Scratch(); // pixels of zeros, and such that nobody reads

    WinogradConvolution(Workers workers) {
        this.workers = workers;
    }

    /// Whether it computes that convolution, and with fewer products: whole vectors of channels on both sides, and not too much of the tiles
    /// beyond the border.
    static boolean fits(Geometry g) {
        var window = g.window();
        return window.height() == EXTENT && window.width() == EXTENT && window.stride() == STRIDE && window.padding() == PADDING
                && g.channels() % Lanes.L == 0 && g.features() % Lanes.L == 0
                && PRODUCTS * tiles(g.down()) * tiles(g.across()) <= LEAST_SAVED * 4 * g.down() * g.across();
    }

    private static int tiles(int outputs) {
        return (outputs + TILE - 1) / TILE;
    }

    /// A geometry with its tiles and memory; lengths in bytes.
    private final class Plan {

        final Geometry geometry;
        final int tilesDown;
        final int tilesAcross;
        final int tiles; // of all images
        final int cells; // values of a cell: 4c
        final long pixel; // of the large side
        final long output; // of the small side
        final long zeros;
        final long nowhere;
        final int parts;
        final long stage;
        final long firstStage;

        Plan(Geometry geometry) {
            this.geometry = geometry;
            tilesDown = tiles(geometry.down());
            tilesAcross = tiles(geometry.across());
            tiles = Math.multiplyExact(geometry.images(), tilesDown * tilesAcross);
            cells = PARITIES * geometry.channels();
            pixel = 4L * geometry.channels();
            output = 4L * geometry.features();
            long widest = (long) PIXELS * Math.max(geometry.channels(), geometry.features());
            zeros = border.floats(2 * widest);
            nowhere = zeros + 4 * widest;
            Lanes.fillZero(zeros, widest);
            parts = Math.min(geometry.images(), workers.threads());
            stage = 4 * Math.max(SPAN * widest, 2L * SPAN * STRETCH);
            firstStage = stages.floats(workers.threads() * stage / 4);
        }

        long v() {
            return inputs.floats((long) PRODUCTS * tiles * cells);
        }

        long u() {
            return weights.floats((long) PRODUCTS * cells * geometry.features());
        }

        long m() {
            return products.floats((long) PRODUCTS * tiles * geometry.features());
        }

        /// A row of a large image.
        long row(long large, int image, int row, long outside) {
            return row >= 0 && row < geometry.height() ? large + 4 * image * geometry.largeImage() + row * geometry.width() * pixel : outside;
        }

        /// An output.
        long output(long small, int image, int down, int across, long outside) {
            return down < geometry.down() && across < geometry.across()
                    ? small + 4 * image * geometry.smallImage() + ((long) down * geometry.across() + across) * output
                    : outside;
        }
    }

    /// Works on one tile.
    private interface TileJob {
        void run(Plan plan, int image, int down, int across, int tile, long stage);
    }

    private void eachTile(Plan plan, TileJob job) {
        int images = plan.geometry.images();
        workers.run(plan.parts, part -> {
            for (int image = images * part / plan.parts; image < images * (part + 1) / plan.parts; image++) {
                for (int down = 0; down < plan.tilesDown; down++) {
                    for (int across = 0; across < plan.tilesAcross; across++) {
                        int tile = (image * plan.tilesDown + down) * plan.tilesAcross + across;
                        job.run(plan, image, down, across, tile, plan.firstStage + part * plan.stage);
                    }
                }
            }
        });
    }

    @Override
    public void convolve(Geometry g, long large, long weight, long small) {
        var plan = new Plan(g);
        long v = plan.v();
        long u = plan.u();
        long m = plan.m();
        weights(plan, weight, u);
        eachTile(plan, (p, image, down, across, tile, stage) -> inputs(p, large, v, image, down, across, tile, stage));
        multiply(false, v, plan.cells, u, g.features(), false, m, plan.tiles, g.features(), plan.cells);
        eachTile(plan, (p, image, down, across, tile, stage) -> outputs(p, m, small, image, down, across, tile, stage));
    }

    @Override
    public void transposed(Geometry g, long small, long weight, long large) {
        var plan = new Plan(g);
        long v = plan.v();
        long u = plan.u();
        long m = plan.m();
        weights(plan, weight, u);
        eachTile(plan, (p, image, down, across, tile, stage) -> outputsTransposed(p, small, m, image, down, across, tile, stage));
        multiply(false, m, g.features(), u, g.features(), true, v, plan.tiles, plan.cells, g.features());
        Lanes.fillZero(large, g.images() * g.largeImage());
        eachTile(plan, (p, image, down, across, tile, stage) -> inputsTransposed(p, v, large, image, down, across, tile, stage));
    }

    @Override
    public void weightGradient(Geometry g, long large, long small, long dweight, boolean accumulate) {
        var plan = new Plan(g);
        long v = plan.v();
        long u = plan.u();
        long m = plan.m();
        eachTile(plan, (p, image, down, across, tile, stage) -> {
            inputs(p, large, v, image, down, across, tile, stage);
            outputsTransposed(p, small, m, image, down, across, tile, stage);
        });
        multiply(true, v, plan.cells, m, g.features(), false, u, plan.cells, g.features(), plan.tiles);
        weightsTransposed(plan, u, dweight, accumulate);
    }

    /// The products `c[rows, columns] = op(a)[rows, inner] · op(b)[inner, columns]`, one behind the other in memory.
    private void multiply(boolean transposeA, long a, int lda, long b, int ldb, boolean transposeB, long c, int rows, int columns, int inner) {
        int wanted = rows < CUT_LEAST ? 1 : CUTS;
        int width = ((rows + wanted - 1) / wanted + CUT_MULTIPLE - 1) / CUT_MULTIPLE * CUT_MULTIPLE;
        int cuts = (rows + width - 1) / width;
        workers.run(PRODUCTS * cuts, part -> {
            long product = part / cuts;
            int from = part % cuts * width;
            int count = Math.min(width, rows - from);
            long left = a + 4 * product * rows * inner + 4L * (transposeA ? from : (long) from * lda);
            Blas.sgemm(transposeA, transposeB, count, columns, inner, left, lda, b + 4 * product * inner * columns, ldb, 0,
                    c + 4 * product * rows * columns + 4L * from * columns, columns);
        });
    }

    /// `V = Bᵀ d B` of a tile. The rows of a tile are stretches of memory: down the columns first, all of a row at once.
    private static void inputs(Plan plan, long large, long v, int image, int down, int across, int tile, long stage) {
        long line = PIXELS * plan.pixel;
        long left = plan.pixel * Math.max(0, PADDING - STRIDE * TILE * across); // beyond the border
        long from = plan.pixel * (STRIDE * TILE * across - PADDING) + left;
        long length = Math.min(line - left, plan.geometry.width() * plan.pixel - from);
        long plane = 4L * plan.tiles * plan.cells;
        if (length < line) {
            Lanes.fillZero(stage, SPAN * line / 4);
        }
        for (int parity = 0; parity < STRIDE; parity++) {
            int row = STRIDE * TILE * down + parity - PADDING;
            WinogradTransforms.inputs(in(plan, large, image, row, from), in(plan, large, image, row + 2, from), in(plan, large, image, row + 4, from),
                    in(plan, large, image, row + 6, from), in(plan, large, image, row + 8, from), stage + left, line, length);
            long to = v + 4L * tile * plan.cells + parity * STRIDE * plan.pixel;
            long cell = STRIDE * plan.pixel;
            for (int i = 0; i < SPAN; i++) {
                long at = stage + i * line;
                WinogradTransforms.inputs(at, at + cell, at + 2 * cell, at + 3 * cell, at + 4 * cell, to + SPAN * i * plane, plane, cell);
            }
        }
    }

    private static long in(Plan plan, long large, int image, int row, long from) {
        long start = plan.row(large, image, row, 0);
        return start == 0 ? plan.zeros : start + from;
    }

    /// `d = B V Bᵀ` of a tile, added to what its neighbours, which share cells with it, say about the pixels.
    private static void inputsTransposed(Plan plan, long v, long large, int image, int down, int across, int tile, long stage) {
        long line = PIXELS * plan.pixel;
        long left = plan.pixel * Math.max(0, PADDING - STRIDE * TILE * across);
        long from = plan.pixel * (STRIDE * TILE * across - PADDING) + left;
        long length = Math.min(line - left, plan.geometry.width() * plan.pixel - from);
        long plane = 4L * plan.tiles * plan.cells;
        for (int parity = 0; parity < STRIDE; parity++) {
            long at = v + 4L * tile * plan.cells + parity * STRIDE * plan.pixel;
            long cell = STRIDE * plan.pixel;
            for (int i = 0; i < SPAN; i++) {
                long to = stage + i * line;
                WinogradTransforms.inputsTransposed(at + SPAN * i * plane, plane, to, to + cell, to + 2 * cell, to + 3 * cell, to + 4 * cell, cell,
                        false);
            }
            int row = STRIDE * TILE * down + parity - PADDING;
            WinogradTransforms.inputsTransposed(stage + left, line, out(plan, large, image, row, from), out(plan, large, image, row + 2, from),
                    out(plan, large, image, row + 4, from), out(plan, large, image, row + 6, from), out(plan, large, image, row + 8, from), length,
                    true);
        }
    }

    private static long out(Plan plan, long large, int image, int row, long from) {
        long start = plan.row(large, image, row, 0);
        return start == 0 ? plan.nowhere : start + from;
    }

    /// `y = Aᵀ M A` of a tile.
    private static void outputs(Plan plan, long m, long small, int image, int down, int across, int tile, long stage) {
        long plane = plan.tiles * plan.output;
        long line = SPAN * plan.output;
        for (int j = 0; j < SPAN; j++) {
            long to = stage + j * plan.output;
            WinogradTransforms.outputs(m + tile * plan.output + j * plane, SPAN * plane, to, to + line, to + 2 * line, to + 3 * line, plan.output);
        }
        for (int i = 0; i < TILE && TILE * down + i < plan.geometry.down(); i++) {
            int y = TILE * down + i;
            int x = TILE * across;
            WinogradTransforms.outputs(stage + i * line, plan.output, plan.output(small, image, y, x, plan.nowhere),
                    plan.output(small, image, y, x + 1, plan.nowhere), plan.output(small, image, y, x + 2, plan.nowhere),
                    plan.output(small, image, y, x + 3, plan.nowhere), plan.output);
        }
    }

    /// `M = A y Aᵀ` of a tile.
    private static void outputsTransposed(Plan plan, long small, long m, int image, int down, int across, int tile, long stage) {
        long plane = plan.tiles * plan.output;
        long line = TILE * plan.output;
        int y = TILE * down;
        int x = TILE * across;
        long length = Math.min(TILE, plan.geometry.across() - x) * plan.output;
        if (length < line) {
            Lanes.fillZero(stage, SPAN * line / 4);
        }
        WinogradTransforms.outputsTransposed(plan.output(small, image, y, x, plan.zeros), plan.output(small, image, y + 1, x, plan.zeros),
                plan.output(small, image, y + 2, x, plan.zeros), plan.output(small, image, y + 3, x, plan.zeros), stage, line, length);
        for (int i = 0; i < SPAN; i++) {
            long at = stage + i * line;
            WinogradTransforms.outputsTransposed(at, at + plan.output, at + 2 * plan.output, at + 3 * plan.output,
                    m + tile * plan.output + SPAN * i * plane, plane, plan.output);
        }
    }

    /// Works on a stretch of the weights of one pixel of the window, for one pixel of a cell.
    private interface StretchJob {
        void run(long pixel, long u, long bytes, long stage);
    }

    private void eachStretch(Plan plan, long weight, long u, StretchJob job) {
        long block = (long) plan.geometry.channels() * plan.geometry.features();
        int stretches = (int) ((block + STRETCH - 1) / STRETCH);
        int parts = workers.threads();
        workers.run(parts, part -> {
            for (int stretch = stretches * part / parts; stretch < stretches * (part + 1) / parts; stretch++) {
                long from = (long) stretch * STRETCH;
                long bytes = 4 * Math.min(STRETCH, block - from);
                for (int parity = 0; parity < PARITIES; parity++) {
                    long pixel = weight + 4 * ((parity / STRIDE * EXTENT + parity % STRIDE) * block + from);
                    job.run(pixel, u + 4 * (parity * block + from), bytes, plan.firstStage + part * plan.stage);
                }
            }
        });
    }

    /// `U = G g Gᵀ`.
    private void weights(Plan plan, long weight, long u) {
        long block = 4L * plan.geometry.channels() * plan.geometry.features();
        long plane = PARITIES * block;
        eachStretch(plan, weight, u, (pixel, to, bytes, stage) -> {
            for (int j = 0; j < 2; j++) {
                WinogradTransforms.weights(pixel + j * STRIDE * block, STRIDE * EXTENT * block, stage + j * bytes, 2 * bytes, bytes);
            }
            for (int i = 0; i < SPAN; i++) {
                WinogradTransforms.weights(stage + 2 * i * bytes, bytes, to + SPAN * i * plane, plane, bytes);
            }
        });
    }

    /// `g = Gᵀ U G`.
    private void weightsTransposed(Plan plan, long u, long dweight, boolean accumulate) {
        long block = 4L * plan.geometry.channels() * plan.geometry.features();
        long plane = PARITIES * block;
        eachStretch(plan, dweight, u, (pixel, from, bytes, stage) -> {
            for (int j = 0; j < SPAN; j++) {
                WinogradTransforms.weightsTransposed(from + j * plane, SPAN * plane, stage + j * bytes, SPAN * bytes, bytes, false);
            }
            for (int i = 0; i < 2; i++) {
                WinogradTransforms.weightsTransposed(stage + SPAN * i * bytes, bytes, pixel + i * STRIDE * EXTENT * block, STRIDE * block, bytes,
                        accumulate);
            }
        });
    }
}
