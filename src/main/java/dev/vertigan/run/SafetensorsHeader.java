package dev.vertigan.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The JSON in front of the data: what each tensor is and where, and the metadata.
///
/// @param entries by tensor name, which is also their order in the data
/// @param metadata string to string
record SafetensorsHeader(SortedMap<String, Entry> entries, SortedMap<String, String> metadata) {

    private static final String METADATA = "__metadata__";

    // Strict: nothing but one JSON object may be there, so that no damage goes unseen.
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /// One tensor's place: bytes [begin, end) of the data.
    record Entry(ElementType type, long[] shape, long begin, long end) {

        String dtype() {
            return type == ElementType.FLOAT32 ? "F32" : "F64";
        }
    }

    /// The header of these tensors, laid end to end in name order.
    static SafetensorsHeader of(SortedMap<String, Tensor> tensors, Map<String, String> metadata) {
        var entries = new TreeMap<String, Entry>();
        long begin = 0;
        for (var named : tensors.entrySet()) {
            if (named.getKey().equals(METADATA)) {
                throw new IllegalArgumentException("tensor name: expected any but " + METADATA + ", which the format reserves");
            }
            Tensor tensor = named.getValue();
            long end = begin + tensor.segment().byteSize();
            entries.put(named.getKey(), new Entry(tensor.type(), tensor.shape(), begin, end));
            begin = end;
        }
        return new SafetensorsHeader(entries, new TreeMap<>(metadata));
    }

    long dataBytes() {
        return entries.isEmpty() ? 0 : entries.lastEntry().getValue().end();
    }

    /// Compact UTF-8 JSON, the same bytes for the same content.
    byte[] encode() {
        var root = JSON.createObjectNode();
        var strings = root.putObject(METADATA);
        metadata.forEach(strings::put);
        entries.forEach((name, entry) -> {
            var node = root.putObject(name).put("dtype", entry.dtype());
            var shape = node.putArray("shape");
            Arrays.stream(entry.shape()).forEach(shape::add);
            node.putArray("data_offsets").add(entry.begin()).add(entry.end());
        });
        return root.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// Reads what [#encode] wrote, padded with spaces or not, trusting nothing.
    ///
    /// @param file for the error's sake
    static SafetensorsHeader decode(byte[] json, Path file) throws CorruptCheckpoint {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new CorruptCheckpoint(file, "a JSON header", e.getOriginalMessage());
        } catch (java.io.IOException e) { // malformed UTF-8
            throw new CorruptCheckpoint(file, "a JSON header", String.valueOf(e.getMessage()));
        }
        expect(root.isObject(), file, "a JSON object as header", root.getNodeType());
        var metadata = new TreeMap<String, String>();
        var entries = new TreeMap<String, Entry>();
        for (var property : root.properties()) {
            if (property.getKey().equals(METADATA)) {
                expect(property.getValue().isObject(), file, "an object as " + METADATA, property.getValue().getNodeType());
                for (var string : property.getValue().properties()) {
                    expect(string.getValue().isTextual(), file, "a string as metadata " + string.getKey(), string.getValue());
                    metadata.put(string.getKey(), string.getValue().textValue());
                }
            } else {
                entries.put(property.getKey(), entry(property.getKey(), property.getValue(), file));
            }
        }
        long begin = 0;
        for (var named : entries.entrySet()) { // in name order: no gap, no overlap
            expect(named.getValue().begin() == begin, file, named.getKey() + " to start at byte " + begin, named.getValue().begin());
            begin = named.getValue().end();
        }
        return new SafetensorsHeader(entries, metadata);
    }

    private static Entry entry(String name, JsonNode node, Path file) throws CorruptCheckpoint {
        expect(node.isObject() && node.size() == 3, file, name + " to have dtype, shape and data_offsets", node);
        ElementType type = switch (node.path("dtype").asText()) {
            case "F32" -> ElementType.FLOAT32;
            case "F64" -> ElementType.FLOAT64;
            default -> throw new CorruptCheckpoint(file, name + " of dtype F32 or F64", node.path("dtype").toString());
        };
        long[] shape = integers(node.path("shape"), name + ".shape", file);
        long[] offsets = integers(node.path("data_offsets"), name + ".data_offsets", file);
        expect(offsets.length == 2 && offsets[0] <= offsets[1], file, "two ascending " + name + ".data_offsets", Arrays.toString(offsets));
        long bytes = type.width();
        try {
            for (long extent : shape) {
                bytes = Math.multiplyExact(bytes, extent);
            }
        } catch (ArithmeticException e) {
            throw new CorruptCheckpoint(file, name + ".shape of less than 2^63 bytes", Arrays.toString(shape));
        }
        expect(offsets[1] - offsets[0] == bytes, file, String.format(Locale.ROOT, "%d bytes for %s of shape %s", bytes, name, Arrays.toString(shape)),
                offsets[1] - offsets[0]);
        return new Entry(type, shape, offsets[0], offsets[1]);
    }

    private static long[] integers(JsonNode array, String what, Path file) throws CorruptCheckpoint {
        expect(array.isArray(), file, "an array as " + what, array.getNodeType());
        long[] values = new long[array.size()];
        for (int i = 0; i < values.length; i++) {
            JsonNode value = array.get(i);
            expect(value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0, file, "integers ≥ 0 in " + what, value);
            values[i] = value.longValue();
        }
        return values;
    }

    static void expect(boolean holds, Path file, String expected, Object found) throws CorruptCheckpoint {
        if (!holds) {
            throw new CorruptCheckpoint(file, expected, String.valueOf(found));
        }
    }
}
