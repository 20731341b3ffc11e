package dev.vertigan.dashboard;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads the numbers of a JSON object strictly: every unknown key, wrong type and value out of range is noted, and
/// [#check] reports them all.
final class Fields {

    private final JsonObject object;
    private final List<String> problems = new ArrayList<>();

    Fields(JsonObject object, List<String> known) {
        this.object = object;
        for (String key : object.fieldNames()) {
            if (!known.contains(key)) {
                problems.add(key + ": unknown; " + known.stream().min(Comparator.comparingInt(name -> distance(name, key)))
                        .map(nearest -> "did you mean " + nearest + "?").orElse("nothing is expected here"));
            }
        }
    }

    /// A whole number in [min, max]; empty if it is not given.
    Optional<Long> whole(String key, long min, long max) {
        if (!object.containsKey(key)) {
            return Optional.empty();
        }
        var value = object.getValue(key);
        if ((value instanceof Integer || value instanceof Long) && ((Number) value).longValue() >= min && ((Number) value).longValue() <= max) {
            return Optional.of(((Number) value).longValue());
        }
        problems.add(key + ": expected a whole number from " + min + " to " + max + ", found " + shown(value));
        return Optional.empty();
    }

    /// A number in (0, max]; empty if it is not given.
    Optional<Double> positive(String key, double max) {
        if (!object.containsKey(key)) {
            return Optional.empty();
        }
        var value = object.getValue(key);
        if (value instanceof Number number && number.doubleValue() > 0 && number.doubleValue() <= max) {
            return Optional.of(number.doubleValue());
        }
        problems.add(key + ": expected a number above 0, at most " + max + ", found " + shown(value));
        return Optional.empty();
    }

    /// @throws HttpFailure 400 with every problem, if there is any
    void check() {
        if (!problems.isEmpty()) {
            throw HttpFailure.problems(problems);
        }
    }

    private static String shown(Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> "the text \"" + text + '"';
            case JsonObject _ -> "an object";
            case JsonArray _ -> "an array";
            default -> value.toString();
        };
    }

    /// Edits (insert, delete, replace) from one word to another, case aside: Levenshtein's distance.
    private static int distance(String known, String found) {
        String a = known.toLowerCase(Locale.ROOT);
        // What is much longer is equally far from everything.
        String b = found.substring(0, Math.min(found.length(), 64)).toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
