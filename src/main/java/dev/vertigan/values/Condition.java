package dev.vertigan.values;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// A metric compared with a number, as in `modes < 6`. What was not measured, or is no number, satisfies none.
public record Condition(Metric metric, Comparison comparison, double value) implements Predicate<Map<Metric, Double>> {

    private static final Pattern WRITTEN = Pattern.compile("\\s*(\\w+)\\s*(<=|>=|<|>)\\s*([-+.\\deE]+)\\s*");

    /// How.
    public enum Comparison {

        LESS("<"), AT_MOST("<="), MORE(">"), AT_LEAST(">=");

        private final String sign;

        Comparison(String sign) {
            this.sign = sign;
        }

        private boolean holds(double a, double b) {
            return switch (this) {
                case LESS -> a < b;
                case AT_MOST -> a <= b;
                case MORE -> a > b;
                case AT_LEAST -> a >= b;
            };
        }
    }

    /// Reads one.
    ///
    /// @return empty if it is none, or of no metric of the catalogue
    public static Optional<Condition> read(String text) {
        var matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            double value = Double.parseDouble(matcher.group(3));
            if (Double.isInfinite(value)) {
                return Optional.empty();
            }
            return Arrays.stream(Metric.values()).filter(metric -> metric.column().equals(matcher.group(1))).findFirst()
                    .map(metric -> new Condition(metric, Arrays.stream(Comparison.values())
                            .filter(comparison -> comparison.sign.equals(matcher.group(2))).findFirst().orElseThrow(), value));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean test(Map<Metric, Double> figures) {
        return comparison.holds(figures.getOrDefault(metric, Double.NaN), value);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s %s %s", metric.column(), comparison.sign,
                BigDecimal.valueOf(value).stripTrailingZeros().toPlainString());
    }
}
