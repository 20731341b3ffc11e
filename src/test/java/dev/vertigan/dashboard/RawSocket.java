package dev.vertigan.dashboard;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A WebSocket written byte by byte, for all that a client library would not send.
final class RawSocket implements AutoCloseable {

    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    static final int FINAL = 0x80;

    private static final int PATIENCE_MILLIS = 20_000;
    private static final int MASKED = 0x80;

    private final Socket socket;
    private final DataInputStream in;

    record Frame(int opcode, byte[] payload) {}

    RawSocket(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        write(("GET /live HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        if (!head.toString().startsWith("HTTP/1.1 101")) {
            throw new IOException("refused: " + head);
        }
    }

    void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /// Bytes of a frame as a client has to send it: masked, with a mask of zeros.
    ///
    /// @param first with [#FINAL] and reserved bits
    static byte[] frame(int first, byte[] payload) {
        var bytes = ByteBuffer.allocate(payload.length + 14).put((byte) first);
        if (payload.length < 126) {
            bytes.put((byte) (MASKED | payload.length));
        } else if (payload.length < 1 << 16) {
            bytes.put((byte) (MASKED | 126)).putShort((short) payload.length);
        } else {
            bytes.put((byte) (MASKED | 127)).putLong(payload.length);
        }
        bytes.putInt(0).put(payload);
        byte[] whole = new byte[bytes.position()];
        bytes.flip().get(whole);
        return whole;
    }

    Frame read() throws IOException {
        int opcode = in.readUnsignedByte() & 0x0f;
        int length = in.readUnsignedByte() & 0x7f;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = Math.toIntExact(in.readLong());
        }
        byte[] payload = new byte[length];
        in.readFully(payload);
        return new Frame(opcode, payload);
    }

    /// Says no more, and reads until the server closes.
    void end() throws IOException {
        socket.shutdownOutput();
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    /// The code that the server closes with.
    int closeCode() throws IOException {
        var frame = read();
        while (frame.opcode() != CLOSE) {
            frame = read();
        }
        return ByteBuffer.wrap(frame.payload()).getShort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
