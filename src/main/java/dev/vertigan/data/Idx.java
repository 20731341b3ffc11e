package dev.vertigan.data;

import dev.vertigan.config.UserError;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// Reads IDX files of bytes, gzip or not: big-endian magic `00 00 08 rank`, the extents, then the bytes, last extent fastest
/// (LeCun et al. 1998). A header that promises more than the file holds costs no memory.
final class Idx {

    private static final int UNSIGNED_BYTES = 0x08;
    private static final int SHARE = 4; // one in so many bytes of the heap is for content
    private static final int MOST_INFLATED = 1032; // bytes that DEFLATE can make of one

    private Idx() {}

    /// @param count images in the file
    /// @param pixels `[count, height, width]`
    record Images(int count, int height, int width, byte[] pixels) {}

    /// @throws UserError naming the file, what was expected and what was found
    static Images images(Path file) {
        var content = read(file, 3);
        return new Images(content.extents[0], content.extents[1], content.extents[2], content.bytes);
    }

    /// `[count]` classes.
    ///
    /// @throws UserError likewise, also if a label is not in [0, classes)
    static byte[] labels(Path file, int classes) {
        byte[] labels = read(file, 1).bytes;
        for (int i = 0; i < labels.length; i++) {
            if ((labels[i] & 0xFF) >= classes) {
                throw Downloads.bad(file,
                        String.format(Locale.ROOT, "expected labels from 0 to %d, found %d at place %d", classes - 1, labels[i] & 0xFF, i));
            }
        }
        return labels;
    }

    record Content(int[] extents, byte[] bytes) {}

    private static Content read(Path file, int rank) {
        try (InputStream raw = Files.newInputStream(file)) {
            return read(file, raw, Files.size(file), rank);
        } catch (IOException e) {
            throw new UserError(String.format(Locale.ROOT, "%s: cannot be read (%s)", file, e), e);
        }
    }

    /// @param size bytes of the file
    static Content read(Path file, InputStream stream, long size, int rank) {
        try (InputStream raw = new BufferedInputStream(stream, 1 << 16)) {
            boolean gzip = isGzip(raw);
            var in = new DataInputStream(gzip ? new GZIPInputStream(raw, 1 << 16) : raw);
            int[] extents = header(file, in, rank);
            int count = contentSize(file, size, extents, gzip);
            byte[] bytes = in.readNBytes(count); // grows with what is really there
            if (bytes.length < count) {
                throw Downloads.bad(file, String.format(Locale.ROOT, "the header promises %d bytes of content, found only %d", count, bytes.length));
            }
            if (in.read() >= 0) {
                throw Downloads.bad(file, String.format(Locale.ROOT, "expected the file to end after %d bytes of content, found more", count));
            }
            return new Content(extents, bytes);
        } catch (EOFException e) {
            throw Downloads.bad(file, "the file is cut short");
        } catch (ZipException e) {
            throw Downloads.bad(file, "the compressed data is damaged (" + e.getMessage() + ")");
        } catch (IOException e) {
            throw new UserError(String.format(Locale.ROOT, "%s: cannot be read (%s)", file, e), e);
        }
    }

    private static boolean isGzip(InputStream in) throws IOException {
        in.mark(2);
        boolean gzip = in.read() == 0x1F && in.read() == 0x8B;
        in.reset();
        return gzip;
    }

    private static int[] header(Path file, DataInputStream in, int rank) throws IOException {
        int expected = UNSIGNED_BYTES << 8 | rank;
        int found = in.readInt();
        if (found != expected) {
            throw Downloads.bad(file,
                    String.format(Locale.ROOT, "expected an IDX file of bytes with %d dimension(s), magic 0x%08X, found 0x%08X", rank, expected,
                            found));
        }
        int[] extents = new int[rank];
        for (int i = 0; i < rank; i++) {
            extents[i] = in.readInt();
            if (extents[i] < 1) {
                throw Downloads.bad(file,
                        String.format(Locale.ROOT, "expected dimension %d to be 1 to %d, found %d", i, Integer.MAX_VALUE, extents[i] & 0xFFFFFFFFL));
            }
        }
        return extents;
    }

    /// Bytes the header promises, if the file can hold them and the heap too.
    private static int contentSize(Path file, long size, int[] extents, boolean gzip) {
        long most = size * (gzip ? MOST_INFLATED : 1);
        double promised = 1;
        for (int extent : extents) {
            promised *= extent;
        }
        if (promised > most) {
            throw Downloads.bad(file,
                    String.format(Locale.ROOT, "the header promises %.0f bytes of content, more than the file can hold", promised));
        }
        long room = Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() / SHARE);
        if (promised > room) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected at most %d bytes of content, a quarter of the heap, "
                    + "found %.0f; VERTIGAN_JAVA_OPTS=-Xmx8g makes the heap larger", file, room, promised));
        }
        return (int) promised;
    }
}
