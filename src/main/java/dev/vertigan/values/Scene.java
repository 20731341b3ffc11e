package dev.vertigan.values;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// What both players see at a moment, for a page to draw: arrays of numbers, one after the other.
///
/// @param step turns completed
/// @param arrays JSON: `[{"name", "shape", "type": "f32" | "i8", "scale"}]`; an `i8` stands for that times its scale
/// @param bytes the arrays in that order, little-endian, each padded to a multiple of four; read-only by agreement
public record Scene(long step, String arrays, byte[] bytes) {

    /// As a file has it and a page reads it: `[u32 little-endian header length][{"step", "arrays"}][bytes]`.
    public byte[] file() {
        byte[] header = ("{\"step\":" + step + ",\"arrays\":" + arrays + "}").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Integer.BYTES + header.length + bytes.length).order(ByteOrder.LITTLE_ENDIAN).putInt(header.length).put(header)
                .put(bytes).array();
    }
}
