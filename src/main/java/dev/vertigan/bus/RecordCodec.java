package dev.vertigan.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/// Moves a record by reference within this process: the receiver gets the same object, tensors and all. On a wire it becomes its
/// components in order, see [RecordLayout].
final class RecordCodec<M extends Record> implements MessageCodec<M, M> {

    private final Class<M> type;

    RecordCodec(Class<M> type) {
        this.type = type;
    }

    @Override
    public void encodeToWire(Buffer buffer, M message) {
        RecordLayout.write(buffer, type, message);
    }

    @Override
    public M decodeFromWire(int position, Buffer buffer) {
        return type.cast(new RecordLayout.Reader(buffer, position).read(type));
    }

    @Override
    public M transform(M message) {
        return message;
    }

    @Override
    public String name() {
        return type.getName();
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
