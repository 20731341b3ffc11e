package dev.vertigan.bus;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.TensorBytes;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Records as bytes: components in order, each by its declared type. Numbers big-endian as Vert.x has them, texts and byte arrays with
/// their length before them, JSON as its text, tensors as [TensorBytes] has them.
final class RecordLayout {

    private static final JsonMapper JSON = new JsonMapper();

    private RecordLayout() {}

    static void write(Buffer buffer, Type type, Object value) {
        switch (value) {
            case Long number -> buffer.appendLong(number);
            case Integer number -> buffer.appendInt(number);
            case Double number -> buffer.appendDouble(number);
            case Boolean flag -> buffer.appendByte((byte) (flag ? 1 : 0));
            case Enum<?> constant -> buffer.appendInt(constant.ordinal());
            case String text -> writeBytes(buffer, text.getBytes(StandardCharsets.UTF_8));
            case byte[] bytes -> writeBytes(buffer, bytes);
            case Tensor tensor -> writeTensor(buffer, tensor);
            case JsonNode json -> writeBytes(buffer, json.toString().getBytes(StandardCharsets.UTF_8));
            case Optional<?> optional -> {
                buffer.appendByte((byte) (optional.isPresent() ? 1 : 0));
                optional.ifPresent(present -> write(buffer, argument(type, 0), present));
            }
            case List<?> list -> {
                buffer.appendInt(list.size());
                list.forEach(entry -> write(buffer, argument(type, 0), entry));
            }
            case Map<?, ?> map -> {
                buffer.appendInt(map.size());
                map.forEach((key, entry) -> {
                    write(buffer, argument(type, 0), key);
                    write(buffer, argument(type, 1), entry);
                });
            }
            case Record message -> {
                for (var component : message.getClass().getRecordComponents()) {
                    write(buffer, component.getGenericType(), get(component, message));
                }
            }
            default -> throw new IllegalArgumentException("expected a type that travels, found " + type);
        }
    }

    private static void writeBytes(Buffer buffer, byte[] bytes) {
        buffer.appendInt(bytes.length).appendBytes(bytes);
    }

    private static void writeTensor(Buffer buffer, Tensor tensor) {
        var bytes = ByteBuffer.allocate(TensorBytes.size(tensor));
        TensorBytes.write(tensor, bytes);
        writeBytes(buffer, bytes.array());
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    private static Object get(RecordComponent component, Record message) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(message);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(component + " can't be read", e);
        }
    }

    /// Reads what [#write] wrote.
    static final class Reader {

        private final Buffer buffer;
        private int position;

        Reader(Buffer buffer, int position) {
            this.buffer = buffer;
            this.position = position;
        }

        Object read(Type type) {
            if (type instanceof ParameterizedType generic) {
                return generic.getRawType() == Optional.class ? readOptional(generic)
                        : generic.getRawType() == List.class ? readList(generic) : readMap(generic);
            }
            var plain = (Class<?>) type;
            if (plain == long.class || plain == Long.class) {
                return buffer.getLong(advance(Long.BYTES));
            } else if (plain == int.class || plain == Integer.class) {
                return buffer.getInt(advance(Integer.BYTES));
            } else if (plain == double.class || plain == Double.class) {
                return buffer.getDouble(advance(Double.BYTES));
            } else if (plain == boolean.class) {
                return buffer.getByte(advance(1)) != 0;
            } else if (plain.isEnum()) {
                return plain.getEnumConstants()[buffer.getInt(advance(Integer.BYTES))];
            } else if (plain == String.class) {
                return new String(readBytes(), StandardCharsets.UTF_8);
            } else if (plain == JsonNode.class) {
                return readJson();
            } else if (plain == byte[].class) {
                return readBytes();
            } else if (plain == Tensor.class) {
                return TensorBytes.read(ByteBuffer.wrap(readBytes()));
            } else if (plain.isRecord()) {
                return readRecord(plain);
            }
            throw new IllegalArgumentException("expected a type that travels, found " + type);
        }

        private int advance(int bytes) {
            int at = position;
            position += bytes;
            return at;
        }

        private JsonNode readJson() {
            try {
                return JSON.readTree(readBytes());
            } catch (IOException e) {
                throw new UncheckedIOException("expected JSON, found another text", e);
            }
        }

        private byte[] readBytes() {
            int length = buffer.getInt(advance(Integer.BYTES));
            int at = advance(length);
            return buffer.getBytes(at, at + length);
        }

        private Optional<?> readOptional(ParameterizedType type) {
            return buffer.getByte(advance(1)) == 0 ? Optional.empty() : Optional.of(read(argument(type, 0)));
        }

        private List<?> readList(ParameterizedType type) {
            var list = new ArrayList<Object>();
            for (int left = buffer.getInt(advance(Integer.BYTES)); left > 0; left--) {
                list.add(read(argument(type, 0)));
            }
            return list;
        }

        private Map<?, ?> readMap(ParameterizedType type) {
            var map = new TreeMap<Object, Object>();
            for (int left = buffer.getInt(advance(Integer.BYTES)); left > 0; left--) {
                var key = read(argument(type, 0));
                map.put(key, read(argument(type, 1)));
            }
            return map;
        }

        private Record readRecord(Class<?> type) {
            var components = type.getRecordComponents();
            var values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                values[i] = read(components[i].getGenericType());
            }
            try {
                var constructor = type.getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
                constructor.setAccessible(true);
                return (Record) constructor.newInstance(values);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(type + " can't be made", e);
            }
        }
    }
}
