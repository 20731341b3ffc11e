package dev.vertigan.data;

import java.awt.Rectangle;
import java.awt.image.Raster;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The samples of an image as its file has them, row by row, of which a strip is in memory at a time. Not thread-safe.
final class Strips {

    /// Decodes a part of the image.
    @FunctionalInterface
    interface Source {

        Raster read(Rectangle region) throws IOException;
    }

    private static final int LEAST_ROWS = 16;
    private static final int OVERLAP = 2; // rows that stay in reach behind the one asked for
    private static final int MOST_BANDS = 4;

    private final Source source;
    private final int width;
    private final int height;
    private final int rows; // of a strip
    private @Nullable Raster strip; // rows [from, to)
    private int from;
    private int to;

    /// @param pixelBytes memory that a decoded pixel takes
    /// @param memory bytes of a strip
    Strips(Source source, int width, int height, int pixelBytes, long memory) {
        this.source = source;
        this.width = width;
        this.height = height;
        rows = (int) Math.clamp(memory / ((long) width * pixelBytes), LEAST_ROWS, LEAST_ROWS + (long) height);
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    /// Samples `[count, bands]` of `count` pixels of row `y` from column `left` on. Rows are asked for from top to bottom; two back is not too late.
    ///
    /// @param into large enough
    void read(int y, int left, int count, int[] into) throws IOException {
        var current = strip;
        if (current == null || y < from || y >= to) {
            from = Math.max(0, y - OVERLAP);
            to = Math.min(height, from + rows);
            strip = null;
            current = null; // two at a time would be twice the memory
            current = source.read(new Rectangle(0, from, width, to - from));
            strip = current;
        }
        current.getPixels(left, y - from, count, 1, into);
    }

    /// Reads the image to its end, where it may turn out to be cut short.
    void finish() throws IOException {
        if (to < height) {
            read(height - 1, 0, 1, new int[MOST_BANDS]);
        }
    }
}
