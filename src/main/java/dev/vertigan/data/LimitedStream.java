package dev.vertigan.data;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// What is unpacked of a file, up to a limit: a small one may hold any amount of zeros.
final class LimitedStream extends FilterInputStream {

    private final long limit;
    private long left;

    /// @param limit bytes
    LimitedStream(InputStream in, long limit) {
        super(in);
        this.limit = limit;
        left = limit;
    }

    @Override
    public int read() throws IOException {
        int read = in.read();
        count(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = in.read(target, offset, length);
        count(Math.max(0, read));
        return read;
    }

    /// By reading, so that it is counted.
    @Override
    public long skip(long bytes) throws IOException {
        return Math.max(0, read(new byte[Math.clamp(bytes, 0, 1 << 13)]));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(int read) throws IOException {
        left -= read;
        if (left < 0) {
            throw new IOException("it unpacks to more than the " + limit + " bytes that are expected at most");
        }
    }
}
