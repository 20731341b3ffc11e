package dev.vertigan.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/// The chunks of a PNG file besides its pixels (ISO/IEC 15948, 5.3). ImageIO ignores their checksums and Exif data, and compares the colour
/// that is transparent with samples that it has changed already.
///
/// @param transparent samples of the colour of which all pixels are transparent; empty if there is none
/// @param keyAt where the chunk that says so is
record PngChunks(byte[] bytes, Orientation orientation, int[] transparent, int keyAt) {

    private static final int SIGNATURE = 8; // bytes before the first chunk
    private static final int AROUND = 12; // bytes of a chunk besides its data: length, type, checksum
    private static final int DEPTH = 24; // where the bits of a sample are told
    private static final int PALETTE = 3; // colour type; two bytes of a transparent colour are nothing to it
    private static final int END = 0x49454E44; // IEND, the last chunk's type
    private static final int EXIF = 0x65584966; // eXIf
    private static final int TRANSPARENT = 0x74524E53; // tRNS

    /// Checks that a file is as it was written.
    ///
    /// @throws IOException if it is cut short or damaged
    static PngChunks of(byte[] png) throws IOException {
        var in = ByteBuffer.wrap(png).position(SIGNATURE);
        var checksum = new CRC32();
        var orientation = Orientation.UPRIGHT;
        var transparent = new int[0];
        int keyAt = 0;
        int type = 0;
        while (type != END) {
            int length = in.remaining() < AROUND ? -1 : in.getInt();
            if (length < 0 || length > in.remaining() - (AROUND - Integer.BYTES)) {
                throw new IOException("the file is cut short");
            }
            checksum.reset();
            checksum.update(png, in.position(), Integer.BYTES + length);
            type = in.getInt();
            if (type == EXIF) {
                orientation = Orientation.ofExif(in.slice(in.position(), length));
            } else if (type == TRANSPARENT && in.position() > DEPTH && png[DEPTH + 1] != PALETTE) {
                keyAt = in.position() - Integer.BYTES;
                transparent = key(in.slice(in.position(), length), png[DEPTH]);
            }
            in.position(in.position() + length);
            if (in.getInt() != (int) checksum.getValue()) {
                throw new IOException("the file is damaged: a checksum is wrong");
            }
        }
        return new PngChunks(png, orientation, transparent, keyAt);
    }

    private static int[] key(ByteBuffer data, int depth) {
        var key = new int[data.capacity() / Short.BYTES];
        for (int i = 0; i < key.length; i++) {
            key[i] = data.getShort(i * Short.BYTES) & (1 << depth) - 1;
        }
        return key;
    }

    /// The file as if no colour were transparent.
    byte[] opaque() {
        if (transparent.length == 0) {
            return bytes;
        }
        byte[] opaque = bytes.clone();
        opaque[keyAt] = 'x'; // a chunk that nobody knows and need not know
        return opaque;
    }
}
