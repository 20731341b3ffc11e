package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.DoublePredicate;
import java.util.function.Function;

/// Reads a layer's line. Grammar: `kind arguments [activation [slope]]`, words apart by spaces.
final class LayerParser {

    private static final int LARGEST_EXTENT = 65_536;
    private static final float LEAKY_SLOPE = 0.2f; // as in DCGAN (Radford et al. 2016)

    private final String line;
    private final Deque<String> words;

    private LayerParser(String line) {
        this.line = line;
        this.words = new ArrayDeque<>(Arrays.asList(line.strip().split("\\s+")));
    }

    /// @throws IllegalArgumentException saying what was expected, if the line is not a layer
    static LayerSpec parse(String line) {
        var parser = new LayerParser(line);
        var spec = parser.layer();
        if (!parser.words.isEmpty()) {
            throw parser.error("nothing after the layer", parser.words.peek());
        }
        return spec;
    }

    private LayerSpec layer() {
        String kind = words.poll();
        return switch (kind) {
            case "dense" -> new LayerSpec.Dense(extent("units"), activation());
            case "maxout" -> maxout();
            case "dropout" -> new LayerSpec.Dropout((float) number("a keep probability in (0, 1]", p -> p > 0 && p <= 1));
            case "batch-norm" -> new LayerSpec.BatchNorm(activation());
            case "output" -> new LayerSpec.Output(activation());
            default -> throw error("dense, maxout, dropout, batch-norm or output", kind);
        };
    }

    private LayerSpec maxout() {
        String[] parts = take("UNITSxPIECES, as in 240x5").split("x", -1);
        if (parts.length != 2) {
            throw error("UNITSxPIECES, as in 240x5", String.join("x", parts));
        }
        return new LayerSpec.Maxout(extentOf(parts[0], "units"), extentOf(parts[1], "pieces"));
    }

    private Activation activation() {
        String name = words.poll();
        return switch (name) {
            case null -> Activation.LINEAR;
            case "linear" -> Activation.LINEAR;
            case "relu" -> Activation.RELU;
            case "tanh" -> Activation.TANH;
            case "sigmoid" -> Activation.SIGMOID;
            case "leaky-relu" -> Activation.leakyRelu(words.isEmpty() ? LEAKY_SLOPE : (float) number("a slope in (0, 1)", s -> s > 0 && s < 1));
            default -> throw error("linear, relu, leaky-relu, tanh or sigmoid", name);
        };
    }

    private int extent(String what) {
        return extentOf(take("a number of " + what), what);
    }

    private int extentOf(String word, String what) {
        return (int) parse(word, "a number of %s in 1..%d".formatted(what, LARGEST_EXTENT), Integer::valueOf, n -> n >= 1 && n <= LARGEST_EXTENT);
    }

    private double number(String expected, DoublePredicate valid) {
        return parse(take(expected), expected, Double::valueOf, valid);
    }

    private double parse(String word, String expected, Function<String, Number> read, DoublePredicate valid) {
        try {
            double value = read.apply(word).doubleValue();
            if (valid.test(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the one message
        }
        throw error(expected, word);
    }

    private String take(String expected) {
        String word = words.poll();
        if (word == null) {
            throw error(expected, "the end");
        }
        return word;
    }

    private IllegalArgumentException error(String expected, String found) {
        return new IllegalArgumentException("layer \"%s\": expected %s, found \"%s\"".formatted(line, expected, found));
    }
}
