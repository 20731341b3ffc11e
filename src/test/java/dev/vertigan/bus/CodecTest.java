package dev.vertigan.bus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.vertigan.config.Schedule;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.FailureKind;
import io.vertx.core.buffer.Buffer;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Every message of the sealed families, with random content, survives its codec.
class CodecTest {

    static List<Class<? extends Record>> messages() {
        return Codecs.messages();
    }

    @ParameterizedTest
    @MethodSource("messages")
    <M extends Record> void aMessageSurvivesTheWire(Class<M> type) throws Exception {
        var codec = new RecordCodec<>(type);
        var random = new Random(type.getName().hashCode());
        for (int i = 0; i < 20; i++) {
            var message = type.cast(make(type, random));
            var buffer = Buffer.buffer("before");
            codec.encodeToWire(buffer, message);
            var again = codec.decodeFromWire("before".length(), buffer.appendString("after"));
            var once = Buffer.buffer();
            codec.encodeToWire(once, message);
            var twice = Buffer.buffer();
            codec.encodeToWire(twice, again);
            assertArrayEquals(once.getBytes(), twice.getBytes(), type.getSimpleName());
            assertEquals(message.toString().replaceAll("@[0-9a-f]+", ""), again.toString().replaceAll("@[0-9a-f]+", ""));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailureSurvivesTheWire(FailureKind kind) {
        var codec = new FailureCodec();
        var failure = new Failure(kind, 12, "discriminator.logits: expected finite numbers", "lower the learning rates");
        var buffer = Buffer.buffer("before");
        codec.encodeToWire(buffer, failure);
        var again = codec.decodeFromWire("before".length(), buffer);
        assertEquals(List.of(kind, 12L, failure.failureCode(), failure.getMessage(), failure.advice()),
                List.of(again.kind(), again.step(), again.failureCode(), again.getMessage(), again.advice()));
    }

    @ParameterizedTest
    @MethodSource("messages")
    <M extends Record> void aMessageMovesByReferenceWithinTheProcess(Class<M> type) throws Exception {
        var message = type.cast(make(type, new Random(1)));
        assertSame(message, new RecordCodec<>(type).transform(message));
    }

    private static Object make(Type type, Random random) throws ReflectiveOperationException {
        if (type instanceof ParameterizedType generic) {
            var arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == Optional.class) {
                return random.nextBoolean() ? Optional.of(make(arguments[0], random)) : Optional.empty();
            }
            if (generic.getRawType() == List.class) {
                return List.of(make(arguments[0], random), make(arguments[0], random));
            }
            Map<Object, Object> map = new TreeMap<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                map.put(make(arguments[0], random), make(arguments[1], random));
            }
            return map;
        }
        var plain = (Class<?>) type;
        if (plain == long.class || plain == Long.class) {
            return random.nextLong();
        } else if (plain == int.class || plain == Integer.class) {
            return random.nextInt();
        } else if (plain == double.class || plain == Double.class) {
            return random.nextInt(5) == 0 ? Double.NaN : random.nextGaussian();
        } else if (plain == boolean.class) {
            return random.nextBoolean();
        } else if (plain.isEnum()) {
            return plain.getEnumConstants()[random.nextInt(plain.getEnumConstants().length)];
        } else if (plain == String.class) {
            return "τέxt " + random.nextInt();
        } else if (plain == JsonNode.class) {
            return random.nextBoolean() ? DoubleNode.valueOf(random.nextGaussian()) : TextNode.valueOf("τέxt " + random.nextInt());
        } else if (plain == byte[].class) {
            var bytes = new byte[random.nextInt(20)];
            random.nextBytes(bytes);
            return bytes;
        } else if (plain == Tensor.class) {
            var tensor = Tensor.allocate(random.nextBoolean() ? ElementType.FLOAT32 : ElementType.FLOAT64, random.nextInt(4), 1 + random.nextInt(4));
            for (long i = 0; i < tensor.size(); i++) {
                tensor.set(i, random.nextGaussian());
            }
            return tensor;
        }
        if (plain == Schedule.class) {
            return Schedule.parse(random.nextInt(9) + ", linear to 2 at 1k, constant until 3M");
        }
        var components = plain.getRecordComponents();
        var types = new Class<?>[components.length];
        var values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = make(components[i].getGenericType(), random);
        }
        var constructor = plain.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return constructor.newInstance(values);
    }
}
