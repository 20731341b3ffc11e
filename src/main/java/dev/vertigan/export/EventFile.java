package dev.vertigan.export;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;

/// An event file, as TensorBoard reads it (tensorflow.org, `event.proto` and `summary.proto`): records of a length, an event and a checksum of each.
public final class EventFile implements AutoCloseable {

    private static final long MASK = 0xa282ead8L;
    private static final int COLOURS = 3;

    private final Path file;
    private final OutputStream stream;

    /// Makes it.
    ///
    /// @param folder of the run
    /// @param start seconds since the epoch
    public EventFile(Path folder, long start) throws IOException {
        Files.createDirectories(folder);
        file = folder.resolve("events.out.tfevents." + start + ".vertigan");
        stream = new BufferedOutputStream(Files.newOutputStream(file));
        event(start, 0, new Protobuf().put(3, "brain.Event:2"));
    }

    public Path file() {
        return file;
    }

    /// Numbers of a step.
    ///
    /// @param time seconds since the epoch
    /// @param values by name
    public void scalars(double time, long step, Map<String, Double> values) throws IOException {
        var summary = new Protobuf();
        values.forEach((name, value) -> summary.put(1, new Protobuf().put(1, name).put(2, value.floatValue())));
        event(time, step, new Protobuf().put(5, summary));
    }

    /// A picture of a step.
    ///
    /// @param png the file's bytes
    public void image(double time, long step, String name, int width, int height, byte[] png) throws IOException {
        var image = new Protobuf().put(1, height).put(2, width).put(3, COLOURS).put(4, png);
        event(time, step, new Protobuf().put(5, new Protobuf().put(1, new Protobuf().put(1, name).put(4, image))));
    }

    private void event(double time, long step, Protobuf what) throws IOException {
        byte[] event = new Protobuf().put(1, time).put(2, step).and(what).bytes();
        byte[] length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(event.length).array();
        stream.write(length);
        stream.write(checksum(length));
        stream.write(event);
        stream.write(checksum(event));
    }

    /// CRC-32C, turned and shifted, as a checksum of data that hold checksums would tell little.
    private static byte[] checksum(byte[] bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        int turned = Integer.rotateRight((int) crc.getValue(), 15);
        return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt((int) (turned + MASK)).array();
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
