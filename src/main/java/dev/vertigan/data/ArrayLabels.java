package dev.vertigan.data;

import dev.vertigan.config.UserError;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;

/// The classes of an array's rows.
///
/// @param labels in [0, classes), `[n]`; none if there are no classes
record ArrayLabels(int classes, int... labels) {

    static final ArrayLabels NONE = new ArrayLabels(0);

    private static final int MOST_CLASSES = 65_536;

    /// @param name where they are from, for messages
    /// @param file of whole numbers from 0, one for each row of the data
    /// @param rows of the data
    /// @throws UserError if it holds others, and says where
    static ArrayLabels of(String name, NpyFile file, long rows) {
        long[] shape = file.shape();
        if (shape[0] != rows || file.features() != 1) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected labels [%d], one for each row of the data, found %s%s", name, rows,
                    Arrays.toString(shape), shape.length == 2 && shape[0] == rows ? "; of one-hot rows save argmax(axis=1)" : ""));
        }
        int[] labels = new int[Math.toIntExact(rows)];
        for (int row = 0; row < labels.length; row++) {
            float label = file.rows(row, 1)[0];
            if (!(label >= 0 && label < MOST_CLASSES && label == (int) label)) {
                throw new UserError(String.format(Locale.ROOT, "%s: expected labels that are whole numbers from 0 to %,d, found %s in row %d", name,
                        MOST_CLASSES - 1, label, row));
            }
            labels[row] = (int) label;
        }
        return new ArrayLabels(Arrays.stream(labels).max().orElse(-1) + 1, labels);
    }

    int of(long row) {
        return classes == 0 ? 0 : labels[Math.toIntExact(row)];
    }

    Fingerprint in(Fingerprint facts) {
        return classes == 0 ? facts : facts.withHash("labels", digest -> {
            var bytes = ByteBuffer.allocate(labels.length * Integer.BYTES);
            bytes.asIntBuffer().put(labels);
            digest.update(bytes);
        });
    }
}
