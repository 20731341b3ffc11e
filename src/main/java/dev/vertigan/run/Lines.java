package dev.vertigan.run;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Walks a file of lines, knowing where each begins and whether it was ever ended.
final class Lines {

    /// No line written here is longer. What is longer was never a line (a crash can leave a hole of zeros), and is cut to this.
    static final int MAX = 1 << 20;

    private static final int BUFFER = 1 << 16;

    /// Given each line.
    interface Visitor {

        /// @param begin where the line begins in the file
        /// @param next where it is over, newline included
        /// @param line its bytes, without the newline
        /// @param ended false for the file's last line if it has no newline: it is torn
        /// @return whether to go on
        boolean visit(long begin, long next, byte[] line, boolean ended);
    }

    private Lines() {}

    /// Visits the lines from a position on; the first is what is left of the one there.
    static void visit(FileChannel channel, long from, Visitor visitor) throws IOException {
        visit(channel, from, BUFFER, visitor);
    }

    /// @param bufferBytes read at a time
    static void visit(FileChannel channel, long from, int bufferBytes, Visitor visitor) throws IOException {
        var buffer = ByteBuffer.allocate(bufferBytes);
        var line = new ByteArrayOutputStream();
        long begin = from;
        long position = from;
        while (channel.read(buffer.clear(), position) >= 0) {
            int start = 0;
            for (int i = 0; i < buffer.position(); i++) {
                if (buffer.get(i) == '\n') {
                    append(line, buffer, start, i);
                    start = i + 1;
                    if (!visitor.visit(begin, position + start, line.toByteArray(), true)) {
                        return;
                    }
                    line.reset();
                    begin = position + start;
                }
            }
            append(line, buffer, start, buffer.position());
            position += buffer.position();
        }
        if (position > begin) {
            visitor.visit(begin, position, line.toByteArray(), false);
        }
    }

    @SuppressWarnings("ByteBufferBackingArray") // allocated above
    private static void append(ByteArrayOutputStream line, ByteBuffer buffer, int start, int end) {
        line.write(buffer.array(), start, Math.min(end - start, MAX - line.size()));
    }
}
