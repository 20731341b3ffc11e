package dev.vertigan.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Optional;

/// JSON, read strictly: nothing twice, nothing after the end.
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final DefaultPrettyPrinter PRETTY = new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"));

    private Json() {}

    /// @throws UserError with line and column, if it is not JSON
    public static JsonNode read(String text, String source) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            var place = e.getLocation();
            throw new UserError(
                    String.format(Locale.ROOT, "%s: expected JSON, found at line %d, column %d: %s", source, place == null ? 1 : place.getLineNr(),
                            place == null ? 1 : place.getColumnNr(), e.getOriginalMessage()),
                    e);
        }
    }

    /// The value of a piece of JSON; empty if it is none.
    static Optional<JsonNode> parse(String text) {
        try {
            return Optional.of(MAPPER.readTree(text)).filter(node -> !node.isMissingNode());
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /// A default as JSON: text, a choice, a number or a list of lines.
    static JsonNode value(Object value) {
        return MAPPER.valueToTree(value);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// What stands at a path; the whole for an empty one.
    static JsonNode at(JsonNode tree, String path) {
        return path.isEmpty() ? tree : tree.at("/" + path.replace('.', '/'));
    }

    static JsonNode text(String text) {
        return JsonNodeFactory.instance.textNode(text);
    }

    static ArrayNode list() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /// A whole number without a decimal point, however it was written.
    static JsonNode whole(JsonNode number) {
        return JsonNodeFactory.instance.numberNode(number.decimalValue().longValueExact());
    }

    static ObjectNode tree(Record value) {
        return MAPPER.valueToTree(value);
    }

    /// @param tree of which every value is known to fit
    static RunConfig bind(ObjectNode tree) {
        return MAPPER.convertValue(tree, RunConfig.class);
    }

    static String compact(JsonNode tree) {
        return tree.toString();
    }

    /// Two spaces, one value a line, a line feed at the end: the same bytes everywhere.
    static String pretty(JsonNode tree) {
        try {
            return MAPPER.writer(PRETTY).writeValueAsString(tree) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that cannot be written", e);
        }
    }
}
