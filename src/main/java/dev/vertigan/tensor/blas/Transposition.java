package dev.vertigan.tensor.blas;

import static dev.vertigan.tensor.Lanes.ALL;
import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.L;
import static dev.vertigan.tensor.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.vertigan.tensor.Workers;
import jdk.incubator.vector.FloatVector;

/// A transposed copy of a matrix, in tiles of 16×16 that stay in registers: for vectors of 16 lanes.
///
/// Seen as one row of 256 values, whose places are counted by eight bits, four for the row and four for the column, a transposition is four rotations
/// of those bits, and each rotation interleaves the values of row i with those of row i + 8.
public final class Transposition {

    public static final int TILE = 16;

    private static final long TILES_PER_THREAD = 256;
    // Places of values in two vectors, one behind the other: their halves interleaved.
    private static final FloatVector LOW = halves(0);
    private static final FloatVector HIGH = halves(TILE / 2);

    private final Workers workers;

    public Transposition(Workers workers) {
        this.workers = workers;
    }

    private static FloatVector halves(int first) {
        var places = new float[L];
        for (int lane = 0; lane < L; lane++) {
            places[lane] = first + lane / 2 + lane % 2 * L;
        }
        return FloatVector.fromArray(F, places, 0);
    }

    /// Whether it transposes that: no extent less than a tile's, vectors of 16 lanes.
    public static boolean fits(int rows, int columns) {
        return L == TILE && rows >= TILE && columns >= TILE;
    }

    /// `to[columns, rows] = from[rows, columns]ᵀ`, with rows of `to` `toRow` floats apart.
    public void transpose(long from, int rows, int columns, long to, long toRow) {
        int down = (rows + TILE - 1) / TILE;
        long grain = Math.max(1, TILES_PER_THREAD * TILE / columns);
        workers.splitRows(down, grain, (first, end) -> {
            for (long i = first; i < end; i++) {
                long row = Math.min(i * TILE, rows - TILE); // the last tile may overlap the one before it
                for (int j = 0; j < columns; j += TILE) {
                    long column = Math.min(j, columns - TILE);
                    tile(from + 4 * (row * columns + column), 4L * columns, to + 4 * (column * toRow + row), 4 * toRow);
                }
            }
        });
    }

    private static void tile(long from, long fromRow, long to, long toRow) {
        FloatVector a0 = fromMemorySegment(F, ALL, from, ORDER);
        FloatVector a1 = fromMemorySegment(F, ALL, from + fromRow, ORDER);
        FloatVector a2 = fromMemorySegment(F, ALL, from + 2 * fromRow, ORDER);
        FloatVector a3 = fromMemorySegment(F, ALL, from + 3 * fromRow, ORDER);
        FloatVector a4 = fromMemorySegment(F, ALL, from + 4 * fromRow, ORDER);
        FloatVector a5 = fromMemorySegment(F, ALL, from + 5 * fromRow, ORDER);
        FloatVector a6 = fromMemorySegment(F, ALL, from + 6 * fromRow, ORDER);
        FloatVector a7 = fromMemorySegment(F, ALL, from + 7 * fromRow, ORDER);
        FloatVector a8 = fromMemorySegment(F, ALL, from + 8 * fromRow, ORDER);
        FloatVector a9 = fromMemorySegment(F, ALL, from + 9 * fromRow, ORDER);
        FloatVector a10 = fromMemorySegment(F, ALL, from + 10 * fromRow, ORDER);
        FloatVector a11 = fromMemorySegment(F, ALL, from + 11 * fromRow, ORDER);
        FloatVector a12 = fromMemorySegment(F, ALL, from + 12 * fromRow, ORDER);
        FloatVector a13 = fromMemorySegment(F, ALL, from + 13 * fromRow, ORDER);
        FloatVector a14 = fromMemorySegment(F, ALL, from + 14 * fromRow, ORDER);
        FloatVector a15 = fromMemorySegment(F, ALL, from + 15 * fromRow, ORDER);
        FloatVector b0 = LOW.selectFrom(a0, a8);
        FloatVector b1 = HIGH.selectFrom(a0, a8);
        FloatVector b2 = LOW.selectFrom(a1, a9);
        FloatVector b3 = HIGH.selectFrom(a1, a9);
        FloatVector b4 = LOW.selectFrom(a2, a10);
        FloatVector b5 = HIGH.selectFrom(a2, a10);
        FloatVector b6 = LOW.selectFrom(a3, a11);
        FloatVector b7 = HIGH.selectFrom(a3, a11);
        FloatVector b8 = LOW.selectFrom(a4, a12);
        FloatVector b9 = HIGH.selectFrom(a4, a12);
        FloatVector b10 = LOW.selectFrom(a5, a13);
        FloatVector b11 = HIGH.selectFrom(a5, a13);
        FloatVector b12 = LOW.selectFrom(a6, a14);
        FloatVector b13 = HIGH.selectFrom(a6, a14);
        FloatVector b14 = LOW.selectFrom(a7, a15);
        FloatVector b15 = HIGH.selectFrom(a7, a15);
        FloatVector c0 = LOW.selectFrom(b0, b8);
        FloatVector c1 = HIGH.selectFrom(b0, b8);
        FloatVector c2 = LOW.selectFrom(b1, b9);
        FloatVector c3 = HIGH.selectFrom(b1, b9);
        FloatVector c4 = LOW.selectFrom(b2, b10);
        FloatVector c5 = HIGH.selectFrom(b2, b10);
        FloatVector c6 = LOW.selectFrom(b3, b11);
        FloatVector c7 = HIGH.selectFrom(b3, b11);
        FloatVector c8 = LOW.selectFrom(b4, b12);
        FloatVector c9 = HIGH.selectFrom(b4, b12);
        FloatVector c10 = LOW.selectFrom(b5, b13);
        FloatVector c11 = HIGH.selectFrom(b5, b13);
        FloatVector c12 = LOW.selectFrom(b6, b14);
        FloatVector c13 = HIGH.selectFrom(b6, b14);
        FloatVector c14 = LOW.selectFrom(b7, b15);
        FloatVector c15 = HIGH.selectFrom(b7, b15);
        FloatVector d0 = LOW.selectFrom(c0, c8);
        FloatVector d1 = HIGH.selectFrom(c0, c8);
        FloatVector d2 = LOW.selectFrom(c1, c9);
        FloatVector d3 = HIGH.selectFrom(c1, c9);
        FloatVector d4 = LOW.selectFrom(c2, c10);
        FloatVector d5 = HIGH.selectFrom(c2, c10);
        FloatVector d6 = LOW.selectFrom(c3, c11);
        FloatVector d7 = HIGH.selectFrom(c3, c11);
        FloatVector d8 = LOW.selectFrom(c4, c12);
        FloatVector d9 = HIGH.selectFrom(c4, c12);
        FloatVector d10 = LOW.selectFrom(c5, c13);
        FloatVector d11 = HIGH.selectFrom(c5, c13);
        FloatVector d12 = LOW.selectFrom(c6, c14);
        FloatVector d13 = HIGH.selectFrom(c6, c14);
        FloatVector d14 = LOW.selectFrom(c7, c15);
        FloatVector d15 = HIGH.selectFrom(c7, c15);
        FloatVector e0 = LOW.selectFrom(d0, d8);
        FloatVector e1 = HIGH.selectFrom(d0, d8);
        FloatVector e2 = LOW.selectFrom(d1, d9);
        FloatVector e3 = HIGH.selectFrom(d1, d9);
        FloatVector e4 = LOW.selectFrom(d2, d10);
        FloatVector e5 = HIGH.selectFrom(d2, d10);
        FloatVector e6 = LOW.selectFrom(d3, d11);
        FloatVector e7 = HIGH.selectFrom(d3, d11);
        FloatVector e8 = LOW.selectFrom(d4, d12);
        FloatVector e9 = HIGH.selectFrom(d4, d12);
        FloatVector e10 = LOW.selectFrom(d5, d13);
        FloatVector e11 = HIGH.selectFrom(d5, d13);
        FloatVector e12 = LOW.selectFrom(d6, d14);
        FloatVector e13 = HIGH.selectFrom(d6, d14);
        FloatVector e14 = LOW.selectFrom(d7, d15);
        FloatVector e15 = HIGH.selectFrom(d7, d15);
        e0.intoMemorySegment(ALL, to, ORDER);
        e1.intoMemorySegment(ALL, to + toRow, ORDER);
        e2.intoMemorySegment(ALL, to + 2 * toRow, ORDER);
        e3.intoMemorySegment(ALL, to + 3 * toRow, ORDER);
        e4.intoMemorySegment(ALL, to + 4 * toRow, ORDER);
        e5.intoMemorySegment(ALL, to + 5 * toRow, ORDER);
        e6.intoMemorySegment(ALL, to + 6 * toRow, ORDER);
        e7.intoMemorySegment(ALL, to + 7 * toRow, ORDER);
        e8.intoMemorySegment(ALL, to + 8 * toRow, ORDER);
        e9.intoMemorySegment(ALL, to + 9 * toRow, ORDER);
        e10.intoMemorySegment(ALL, to + 10 * toRow, ORDER);
        e11.intoMemorySegment(ALL, to + 11 * toRow, ORDER);
        e12.intoMemorySegment(ALL, to + 12 * toRow, ORDER);
        e13.intoMemorySegment(ALL, to + 13 * toRow, ORDER);
        e14.intoMemorySegment(ALL, to + 14 * toRow, ORDER);
        e15.intoMemorySegment(ALL, to + 15 * toRow, ORDER);
    }
}
