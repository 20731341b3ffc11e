package dev.vertigan.data;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// How a picture must be turned to stand upright: a camera notes how it was held and leaves the pixels as they came (Exif 3.0, tag 0x0112).
///
/// @param transposed rows become columns
/// @param columnsReversed what is read from left to right is seen from right to left
/// @param rowsReversed likewise from top to bottom
record Orientation(boolean transposed, boolean columnsReversed, boolean rowsReversed) {

    static final Orientation UPRIGHT = new Orientation(false, false, false);

    private static final int TAG = 0x0112;
    private static final int SHORT = 3;
    private static final int ENTRY = 12; // bytes of a directory's entry: tag, type, count, value

    /// @param value 1 to 8; any other is upright
    static Orientation of(int value) {
        return value < 1 || value > 8 ? UPRIGHT
                : new Orientation(value > 4, value == 2 || value == 3 || value > 6, value == 3 || value == 4 || value == 6 || value == 7);
    }

    /// The orientation noted in Exif data, which is a TIFF file; upright if there is none, or the data is damaged.
    static Orientation ofExif(ByteBuffer exif) {
        try {
            var tiff = exif.slice();
            short order = tiff.getShort();
            tiff.order(order == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            int directory = tiff.getInt(4);
            int entries = tiff.getShort(directory) & 0xFFFF;
            for (int at = directory + 2; at < directory + 2 + ENTRY * entries; at += ENTRY) {
                if ((tiff.getShort(at) & 0xFFFF) == TAG) {
                    return of(tiff.getShort(at + 2) == SHORT ? tiff.getShort(at + 8) : tiff.getInt(at + 8));
                }
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException damaged) {
            return UPRIGHT;
        }
        return UPRIGHT;
    }

    /// Where the middle starts in a row as it is stored, if `spare` pixels are cut off: of an odd one more at the end that is seen last.
    int left(int spare) {
        return columnsReversed ? spare - spare / 2 : spare / 2;
    }

    /// Likewise in a column.
    int top(int spare) {
        return rowsReversed ? spare - spare / 2 : spare / 2;
    }

    /// `[extent, extent, channels]`, turned.
    byte[] turn(byte[] square, int extent, int channels) {
        if (equals(UPRIGHT)) {
            return square;
        }
        var turned = new byte[square.length];
        for (int y = 0; y < extent; y++) {
            for (int x = 0; x < extent; x++) {
                int row = transposed ? x : y;
                int column = transposed ? y : x;
                int from = (rowsReversed ? extent - 1 - row : row) * extent + (columnsReversed ? extent - 1 - column : column);
                System.arraycopy(square, from * channels, turned, (y * extent + x) * channels, channels);
            }
        }
        return turned;
    }
}
