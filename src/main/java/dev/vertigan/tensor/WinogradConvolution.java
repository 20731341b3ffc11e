package dev.vertigan.tensor;

/// Convolutions of DCGAN's kind, 4×4 with stride 2, in 9/16 of the multiplications: Winograd's minimal filtering F(2×2, 2×2)
/// (Lavin & Gray 2016) over cells of 2×2 pixels.
///
/// Seen in cells, that convolution is one of 2×2 cells with stride 1 over four times the channels. In one dimension two of its outputs need
/// three cells d and two weights g:
///
///     y₀ = d₀g₀ + d₁g₁ = m₀ + m₁    m₀ = (d₀ − d₁)·g₀
///     y₁ = d₁g₀ + d₂g₁ = m₁ − m₂    m₁ = d₁·(g₀ + g₁)    m₂ = (d₁ − d₂)·g₁
///
/// three products instead of four, in two dimensions nine instead of sixteen, each a matrix product over the channels. There is
/// nothing but sums and differences around them, so rounding stays what it is. Both backward passes are transposes of this and
/// cost as little. All is NaN where an input that matters is NaN: but a NaN spoils its whole tile of 2×2 outputs.
///
/// `V[9, tiles, 4c]` are the inputs' differences, `U[9, 4c, o]` the weights' sums, `M[9, tiles, o]` the products; what is beyond the border is
/// zero. Extents need not be multiples of a tile's.
final class WinogradConvolution implements Convolution {

    private static final int EXTENT = 4;
    private static final int STRIDE = 2;
    private static final int PADDING = 1;
    private static final int PRODUCTS = 9;
    private static final int PARITIES = 4; // pixels of a cell
    private static final int CUTS = 2; // of each product, by rows: whatever the threads, so that the bits are the same
    private static final int CUT_MULTIPLE = 16;
    private static final long GRAIN = 1 << 12; // weights worth a thread

    private final Workers workers;
    private final Scratch inputs = new Scratch(); // V
    private final Scratch weights = new Scratch(); // U
    private final Scratch products = new Scratch(); // M
    private final Scratch border = new Scratch(); // a pixel of zeros, and one that nobody reads

    WinogradConvolution(Workers workers) {
        this.workers = workers;
    }

    /// Whether it can compute that convolution: whole vectors of channels on both sides.
    static boolean fits(Geometry g) {
        var window = g.window();
        return window.height() == EXTENT && window.width() == EXTENT && window.stride() == STRIDE && window.padding() == PADDING
                && g.channels() % Lanes.L == 0 && g.features() % Lanes.L == 0;
    }

    /// A geometry with its tiles and memory.
    private final class Plan {

        final Geometry geometry;
        final int tilesDown;
        final int tilesAcross;
        final int tiles; // of all images
        final int cells; // values of a cell: 4c
        final long zeros;
        final long nowhere;

        Plan(Geometry geometry) {
            this.geometry = geometry;
            tilesDown = (geometry.down() + 1) / 2;
            tilesAcross = (geometry.across() + 1) / 2;
            tiles = Math.multiplyExact(geometry.images(), tilesDown * tilesAcross);
            cells = PARITIES * geometry.channels();
            long widest = Math.max(geometry.channels(), geometry.features());
            zeros = border.floats(2 * widest);
            nowhere = zeros + 4 * widest;
            Lanes.fillZero(zeros, widest);
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

        long large(long base, int image, int row, int column, long outside) {
            boolean inside = row >= 0 && row < geometry.height() && column >= 0 && column < geometry.width();
            return inside ? base + 4 * (image * geometry.largeImage() + ((long) row * geometry.width() + column) * geometry.channels()) : outside;
        }

        long small(long base, int image, int row, int column, long outside) {
            boolean inside = row < geometry.down() && column < geometry.across();
            return inside ? base + 4 * (image * geometry.smallImage() + ((long) row * geometry.across() + column) * geometry.features()) : outside;
        }

        int tile(int image, int down, int across) {
            return (image * tilesDown + down) * tilesAcross + across;
        }
    }

    @Override
    public void convolve(Geometry g, long large, long weight, long small) {
        var plan = new Plan(g);
        long v = plan.v();
        long u = plan.u();
        long m = plan.m();
        transformWeights(plan, weight, u);
        workers.splitRows(g.images(), 1, (from, to) -> transformInputs(plan, large, v, (int) from, (int) to));
        multiply(false, v, plan.cells, u, g.features(), false, m, plan.tiles, g.features(), plan.cells);
        workers.splitRows(g.images(), 1, (from, to) -> outputs(plan, m, small, (int) from, (int) to));
    }

    @Override
    public void transposed(Geometry g, long small, long weight, long large) {
        var plan = new Plan(g);
        long v = plan.v();
        long u = plan.u();
        long m = plan.m();
        transformWeights(plan, weight, u);
        workers.splitRows(g.images(), 1, (from, to) -> transformOutputs(plan, small, m, (int) from, (int) to));
        multiply(false, m, g.features(), u, g.features(), true, v, plan.tiles, plan.cells, g.features());
        workers.splitRows(g.images(), 1, (from, to) -> inputs(plan, v, large, (int) from, (int) to));
    }

    @Override
    public void weightGradient(Geometry g, long large, long small, long dweight, boolean accumulate) {
        var plan = new Plan(g);
        long v = plan.v();
        long u = plan.u();
        long m = plan.m();
        workers.splitRows(g.images(), 1, (from, to) -> {
            transformInputs(plan, large, v, (int) from, (int) to);
            transformOutputs(plan, small, m, (int) from, (int) to);
        });
        multiply(true, v, plan.cells, m, g.features(), false, u, plan.cells, g.features(), plan.tiles);
        weights(plan, u, dweight, accumulate);
    }

    /// Nine products `c[rows, columns] = op(a)[rows, inner] · op(b)[inner, columns]`, one behind the other in memory.
    private void multiply(boolean transposeA, long a, int lda, long b, int ldb, boolean transposeB, long c, int rows, int columns, int inner) {
        int width = ((rows + CUTS - 1) / CUTS + CUT_MULTIPLE - 1) / CUT_MULTIPLE * CUT_MULTIPLE;
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

    /// `U = G g Gᵀ`.
    private void transformWeights(Plan plan, long weight, long u) {
        long block = (long) plan.geometry.channels() * plan.geometry.features(); // weights of one pixel of the window
        workers.split(block, GRAIN, (from, to) -> {
            for (int parity = 0; parity < PARITIES; parity++) {
                long g = weight + 4 * (parity / 2 * EXTENT + parity % 2) * block;
                WinogradTransforms.weights(g, 4 * STRIDE * EXTENT * block, 4 * STRIDE * block, u + 4 * parity * block, 4 * PARITIES * block, from,
                        to);
            }
        });
    }

    /// `g = Gᵀ U G`, added to the weights' gradient.
    private void weights(Plan plan, long u, long dweight, boolean accumulate) {
        long block = (long) plan.geometry.channels() * plan.geometry.features();
        if (!accumulate) {
            Lanes.fillZero(dweight, EXTENT * EXTENT * block);
        }
        workers.split(block, GRAIN, (from, to) -> {
            for (int parity = 0; parity < PARITIES; parity++) {
                long g = dweight + 4 * (parity / 2 * EXTENT + parity % 2) * block;
                WinogradTransforms.addWeights(u + 4 * parity * block, 4 * PARITIES * block, g, 4 * STRIDE * EXTENT * block, 4 * STRIDE * block, from,
                        to);
            }
        });
    }

    /// `V = Bᵀ d B` of every tile.
    private static void transformInputs(Plan plan, long large, long v, int from, int to) {
        int bytes = 4 * plan.geometry.channels();
        long plane = 4L * plan.tiles * plan.cells;
        var d = new long[PRODUCTS];
        for (int image = from; image < to; image++) {
            for (int down = 0; down < plan.tilesDown; down++) {
                for (int across = 0; across < plan.tilesAcross; across++) {
                    long tile = v + 4L * plan.tile(image, down, across) * plan.cells;
                    for (int parity = 0; parity < PARITIES; parity++) {
                        for (int cell = 0; cell < PRODUCTS; cell++) {
                            d[cell] = plan.large(large, image, row(2 * down + cell / 3, parity), column(2 * across + cell % 3, parity), plan.zeros);
                        }
                        WinogradTransforms.inputs(d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7], d[8], tile + (long) parity * bytes, plane, bytes);
                    }
                }
            }
        }
    }

    /// The image's row of a cell's pixel.
    private static int row(int cell, int parity) {
        return STRIDE * cell + parity / 2 - PADDING;
    }

    private static int column(int cell, int parity) {
        return STRIDE * cell + parity % 2 - PADDING;
    }

    /// `y = Aᵀ M A` of every tile.
    private static void outputs(Plan plan, long m, long small, int from, int to) {
        int bytes = 4 * plan.geometry.features();
        long plane = (long) plan.tiles * bytes;
        for (int image = from; image < to; image++) {
            for (int down = 0; down < plan.tilesDown; down++) {
                for (int across = 0; across < plan.tilesAcross; across++) {
                    WinogradTransforms.outputs(m + (long) plan.tile(image, down, across) * bytes, plane,
                            plan.small(small, image, 2 * down, 2 * across, plan.nowhere),
                            plan.small(small, image, 2 * down, 2 * across + 1, plan.nowhere),
                            plan.small(small, image, 2 * down + 1, 2 * across, plan.nowhere),
                            plan.small(small, image, 2 * down + 1, 2 * across + 1, plan.nowhere), bytes);
                }
            }
        }
    }

    /// `M = A y Aᵀ` of every tile: the transpose of [#outputs].
    private static void transformOutputs(Plan plan, long small, long m, int from, int to) {
        int bytes = 4 * plan.geometry.features();
        long plane = (long) plan.tiles * bytes;
        for (int image = from; image < to; image++) {
            for (int down = 0; down < plan.tilesDown; down++) {
                for (int across = 0; across < plan.tilesAcross; across++) {
                    WinogradTransforms.outputsTransposed(plan.small(small, image, 2 * down, 2 * across, plan.zeros),
                            plan.small(small, image, 2 * down, 2 * across + 1, plan.zeros),
                            plan.small(small, image, 2 * down + 1, 2 * across, plan.zeros),
                            plan.small(small, image, 2 * down + 1, 2 * across + 1, plan.zeros),
                            m + (long) plan.tile(image, down, across) * bytes, plane, bytes);
                }
            }
        }
    }

    /// `d = B V Bᵀ`, the transpose of [#transformInputs]. Tiles overlap by a cell: a step of this loop makes the 2×2 cells that begin a
    /// tile, with what the tiles before it say about them, so each pixel is written once.
    private static void inputs(Plan plan, long v, long large, int from, int to) {
        int bytes = 4 * plan.geometry.channels();
        for (int image = from; image < to; image++) {
            for (int down = 0; down <= plan.tilesDown; down++) {
                for (int across = 0; across <= plan.tilesAcross; across++) {
                    for (int parity = 0; parity < PARITIES; parity++) {
                        int top = row(2 * down, parity);
                        int left = column(2 * across, parity);
                        inputs(plan, v + (long) parity * bytes, image, down, across, plan.large(large, image, top, left, plan.nowhere),
                                plan.large(large, image, top, left + STRIDE, plan.nowhere),
                                plan.large(large, image, top + STRIDE, left, plan.nowhere),
                                plan.large(large, image, top + STRIDE, left + STRIDE, plan.nowhere), bytes);
                    }
                }
            }
        }
    }

    private static void inputs(Plan plan, long v, int image, int down, int across, long d00, long d01, long d10, long d11, int bytes) {
        boolean below = down < plan.tilesDown;
        boolean above = down > 0;
        boolean right = across < plan.tilesAcross;
        boolean left = across > 0;
        long plane = 4L * plan.tiles * plan.cells;
        long here = v + 4L * plan.cells * plan.tile(image, down, across);
        long before = here - 4L * plan.cells;
        long over = here - 4L * plan.cells * plan.tilesAcross;
        WinogradTransforms.inputsTransposed(below && right ? here : plan.zeros, below && right ? plane : 0,
                below && left ? before : plan.zeros, below && left ? plane : 0,
                above && right ? over : plan.zeros, above && right ? plane : 0,
                above && left ? over - 4L * plan.cells : plan.zeros, above && left ? plane : 0, d00, d01, d10, d11, bytes);
    }
}
