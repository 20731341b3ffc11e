package dev.vertigan.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// What one setting may be: its type and its range in one.
public sealed interface Rule {

    /// For people: "expected …".
    String expected();

    boolean accepts(JsonNode value);

    /// Why a value is refused: what was expected, and what was found.
    default String refusal(JsonNode value) {
        return "expected " + expected() + ", found " + found(value);
    }

    /// An accepted value as it is kept.
    default JsonNode kept(JsonNode value) {
        return value;
    }

    /// A whole number; `1e6` and `64.0` are some.
    record Whole(long least, long most) implements Rule {

        @Override
        public String expected() {
            if (most == Long.MAX_VALUE) {
                return least == Long.MIN_VALUE ? "a whole number of 64 bits" : String.format(Locale.ROOT, "a whole number, %d or more", least);
            }
            return String.format(Locale.ROOT, "a whole number from %d to %d", least, most);
        }

        @Override
        public boolean accepts(JsonNode value) {
            if (!value.isNumber() || !finite(value)) {
                return false;
            }
            var number = value.decimalValue();
            return number.stripTrailingZeros().scale() <= 0 && number.compareTo(BigDecimal.valueOf(least)) >= 0
                    && number.compareTo(BigDecimal.valueOf(most)) <= 0;
        }

        @Override
        public JsonNode kept(JsonNode value) {
            return Json.whole(value);
        }
    }

    /// A finite number of an interval whose ends may be left out.
    record Real(double least, boolean withLeast, double most, boolean withMost) implements Rule {

        static final Real POSITIVE = new Real(0, false, Double.POSITIVE_INFINITY, false);
        static final Real BELOW_ONE = new Real(0, true, 1, false);

        public static Real atLeast(double least) {
            return new Real(least, true, Double.POSITIVE_INFINITY, false);
        }

        @Override
        public String expected() {
            String from = (withLeast ? "at least " : "above ") + number(least);
            return most == Double.POSITIVE_INFINITY ? "a number " + from
                    : String.format(Locale.ROOT, "a number %s and %s", from, (withMost ? "at most " : "below ") + number(most));
        }

        private static String number(double value) {
            return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
        }

        @Override
        public boolean accepts(JsonNode value) {
            if (!value.isNumber() || !finite(value)) {
                return false;
            }
            double number = value.doubleValue();
            return (withLeast ? number >= least : number > least) && (withMost ? number <= most : number < most) && isFloat(number);
        }

        /// What is computed with must not become 0 or infinite in float32; subnormal numbers do become 0.
        private static boolean isFloat(double number) {
            return number == 0 || Math.abs(number) >= Float.MIN_NORMAL && Math.abs(number) <= Float.MAX_VALUE;
        }

        @Override
        public String refusal(JsonNode value) {
            boolean number = value.isNumber() && Double.isFinite(value.doubleValue());
            return Rule.super.refusal(value) + (number && !isFloat(value.doubleValue()) ? ", which float32 does not hold (1.2e-38 to 3.4e38)" : "");
        }
    }

    /// A number of an interval, or a [Schedule] of such.
    record Scheduled(Real values) implements Rule {

        @Override
        public String expected() {
            return values.expected() + ", or a schedule";
        }

        @Override
        public boolean accepts(JsonNode value) {
            return problem(value).isEmpty();
        }

        @Override
        public String refusal(JsonNode value) {
            return problem(value).orElseThrow();
        }

        @Override
        public JsonNode kept(JsonNode value) {
            return Json.value(value.isTextual() ? Schedule.parse(value.textValue()) : Schedule.constant(value.doubleValue()));
        }

        private Optional<String> problem(JsonNode value) {
            if (!value.isTextual()) {
                return values.accepts(value) ? Optional.empty() : Optional.of(values.refusal(value));
            }
            try {
                return Schedule.parse(value.textValue()).values().map(Json::value).filter(number -> !values.accepts(number)).findFirst()
                        .map(number -> values.refusal(number) + " in " + value);
            } catch (IllegalArgumentException e) {
                return Optional.of(Objects.requireNonNull(e.getMessage()));
            }
        }
    }

    /// One of two whole numbers.
    record Either(int one, int other) implements Rule {

        @Override
        public String expected() {
            return one + " or " + other;
        }

        @Override
        public boolean accepts(JsonNode value) {
            return new Whole(one, one).accepts(value) || new Whole(other, other).accepts(value);
        }
    }

    /// One of a few names.
    record OneOf(List<String> names) implements Rule {

        static <C extends Enum<C> & Choice> OneOf of(Class<C> choices) {
            return new OneOf(Choice.written(choices));
        }

        @Override
        public String expected() {
            return names.size() == 1 ? names.getFirst() : String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast();
        }

        @Override
        public boolean accepts(JsonNode value) {
            return value.isTextual() && names.contains(value.textValue());
        }

        @Override
        public String refusal(JsonNode value) {
            return Rule.super.refusal(value) + (value.isTextual() ? Spelling.hint(value.textValue(), names) : "");
        }
    }

    /// Any text.
    record Text(boolean mayBeEmpty) implements Rule {

        @Override
        public String expected() {
            return mayBeEmpty ? "text" : "text, not empty";
        }

        @Override
        public boolean accepts(JsonNode value) {
            return value.isTextual() && (mayBeEmpty || !value.textValue().isBlank());
        }
    }

    /// Text that names a file, a folder or an address on the machine that trains: see [Setting#ofTheMachine].
    record Place(Text name) implements Rule {

        static final Place OR_NONE = new Place(new Text(true));

        @Override
        public String expected() {
            return name.expected();
        }

        @Override
        public boolean accepts(JsonNode value) {
            return name.accepts(value);
        }
    }

    /// At least one line of text.
    record Lines() implements Rule {

        @Override
        public String expected() {
            return "a list of at least one line of text";
        }

        @Override
        public boolean accepts(JsonNode value) {
            return value.isArray() && !value.isEmpty() && StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isTextual);
        }
    }

    /// Addresses for a browser, or none.
    record WebAddresses() implements Rule {

        @Override
        public String expected() {
            return "a list of addresses as in https://gan.example.org/gan/, or empty";
        }

        @Override
        public boolean accepts(JsonNode value) {
            return value.isArray() && StreamSupport.stream(value.spliterator(), false).allMatch(WebAddresses::isAddress);
        }

        private static boolean isAddress(JsonNode value) {
            try {
                var uri = new URI(value.asText());
                return value.isTextual() && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null
                        && uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
            } catch (URISyntaxException malformed) {
                return false;
            }
        }
    }

    record YesOrNo() implements Rule {

        @Override
        public String expected() {
            return "true or false";
        }

        @Override
        public boolean accepts(JsonNode value) {
            return value.isBoolean();
        }
    }

    private static boolean finite(JsonNode number) {
        return Double.isFinite(number.doubleValue());
    }

    /// A value as it is told to a person, shortened.
    static String found(JsonNode value) {
        String text = value.isObject() ? StreamSupport.stream(value.properties().spliterator(), false).map(p -> p.getKey())
                .collect(Collectors.joining(", ", "settings {", "}")) : value.toString();
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
