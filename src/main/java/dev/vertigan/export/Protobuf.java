package dev.vertigan.export;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Writes one message in the wire format of Protocol Buffers (protobuf.dev, "Encoding"): fields by number, in the order they are put. Enough for
/// files that others read: ONNX and TensorBoard's.
final class Protobuf {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /// `int32`, `int64`, `bool` or an enum.
    Protobuf put(int field, long value) {
        tag(field, VARINT);
        varint(value);
        return this;
    }

    Protobuf put(int field, float value) {
        tag(field, FIXED32);
        bytes.writeBytes(ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
        return this;
    }

    Protobuf put(int field, double value) {
        tag(field, FIXED64);
        bytes.writeBytes(ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
        return this;
    }

    Protobuf put(int field, String value) {
        return put(field, value.getBytes(StandardCharsets.UTF_8));
    }

    Protobuf put(int field, Protobuf message) {
        return put(field, message.bytes());
    }

    Protobuf put(int field, byte[] value) {
        tag(field, LENGTH);
        varint(value.length);
        bytes.writeBytes(value);
        return this;
    }

    /// The fields of another, after these.
    Protobuf and(Protobuf more) {
        bytes.writeBytes(more.bytes());
        return this;
    }

    private void tag(int field, int kind) {
        varint((long) field << 3 | kind);
    }

    /// Seven bits at a time, the lowest first.
    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
