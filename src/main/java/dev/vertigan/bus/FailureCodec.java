package dev.vertigan.bus;

import dev.vertigan.values.FailureKind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/// Failures by reference locally, as four fields on a wire.
final class FailureCodec implements MessageCodec<Failure, Failure> {

    private record Fields(FailureKind kind, long step, String message, String advice) {}

    private static final RecordCodec<Fields> FIELDS = new RecordCodec<>(Fields.class);

    @Override
    public void encodeToWire(Buffer buffer, Failure failure) {
        FIELDS.encodeToWire(buffer, new Fields(failure.kind(), failure.step(), failure.getMessage(), failure.advice()));
    }

    @Override
    public Failure decodeFromWire(int position, Buffer buffer) {
        var fields = FIELDS.decodeFromWire(position, buffer);
        return new Failure(fields.kind(), fields.step(), fields.message(), fields.advice());
    }

    @Override
    public Failure transform(Failure failure) {
        return failure;
    }

    @Override
    public String name() {
        return "vertigan.Failure";
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
