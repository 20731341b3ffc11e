package dev.vertigan.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The chunks of a WebP file besides its pixels (RFC 9649, 2.7).
///
/// @param profile whether its header says that it has a colour profile
record WebpChunks(byte[] bytes, Orientation orientation, boolean profile) {

    private static final int FIRST = 12; // bytes before the first chunk
    private static final int HEAD = 8; // bytes of a chunk before its data: type and length
    private static final int EXTENDED = 0x58385056; // VP8X, read from its last byte to its first
    private static final int EXIF = 0x46495845;
    private static final int EXIF_NAME = 6; // bytes that some put before the data, as in a JPEG
    private static final int FLAGS = FIRST + HEAD;
    private static final int PROFILE = 0x20;

    /// @throws IOException if the file is cut short
    static WebpChunks of(byte[] bytes) throws IOException {
        var in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (Integer.toUnsignedLong(in.getInt(4)) + HEAD > bytes.length) {
            throw new IOException("the file is cut short");
        }
        var orientation = Orientation.UPRIGHT;
        boolean profile = false;
        long next = FIRST;
        while (next + HEAD < bytes.length) {
            int data = (int) next + HEAD;
            int type = in.getInt((int) next);
            long length = Math.min(Integer.toUnsignedLong(in.getInt((int) next + 4)), bytes.length - data);
            if (type == EXIF) {
                int skipped = length > EXIF_NAME && bytes[data] == 'E' ? EXIF_NAME : 0;
                orientation = Orientation.ofExif(in.slice(data + skipped, (int) length - skipped));
            }
            profile |= type == EXTENDED && (bytes[data] & PROFILE) != 0;
            next = data + length + (length & 1);
        }
        return new WebpChunks(bytes, orientation, profile);
    }

    /// The file as if it had no colour profile, which the reader would apply.
    byte[] withoutProfile() {
        if (!profile) {
            return bytes;
        }
        byte[] plain = bytes.clone();
        plain[FLAGS] &= ~PROFILE;
        return plain;
    }
}
