package dev.vertigan.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/// Whether a PNG file is as it was written: ImageIO ignores the checksums that every chunk of it has (ISO/IEC 15948, 5.3).
final class PngChecksums {

    private static final int SIGNATURE = 8; // bytes before the first chunk
    private static final int AROUND = 12; // bytes of a chunk besides its data: length, type, checksum
    private static final int END = 0x49454E44; // IEND, the last chunk's type

    private PngChecksums() {}

    /// @throws IOException if the file is cut short or damaged
    static void verify(byte[] png) throws IOException {
        var in = ByteBuffer.wrap(png).position(SIGNATURE);
        var checksum = new CRC32();
        boolean end = false;
        while (!end) {
            int length = in.remaining() < AROUND ? -1 : in.getInt();
            if (length < 0 || length > in.remaining() - (AROUND - Integer.BYTES)) {
                throw new IOException("the file is cut short");
            }
            checksum.reset();
            checksum.update(png, in.position(), Integer.BYTES + length);
            end = in.getInt() == END;
            in.position(in.position() + length);
            if (in.getInt() != (int) checksum.getValue()) {
                throw new IOException("the file is damaged: a checksum is wrong");
            }
        }
    }
}
