package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.Resampling;
import dev.vertigan.tensor.Window;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import java.util.function.DoublePredicate;
import java.util.function.Function;

/// Reads a layer's line. Grammar: `kind arguments [activation [slope]]`, words apart by spaces.
final class LayerParser {

    private static final int LARGEST_EXTENT = 65_536;
    private static final int LARGEST_WINDOW = 64; // pixels
    private static final double LARGEST_FACTOR = 1e6;
    private static final float LEAKY_SLOPE = 0.2f; // as in DCGAN (Radford et al. 2016)

    private final Deque<String> words;

    private LayerParser(String line) {
        this.words = new ArrayDeque<>(Arrays.asList(line.strip().split("\\s+")));
    }

    /// @param output what the network must give, which is what the line `output` stands for
    /// @throws IllegalArgumentException saying what was expected and found, if the line is not a layer
    static LayerSpec parse(String line, Shape output) {
        var parser = new LayerParser(line);
        var spec = parser.layer(output);
        if (!parser.words.isEmpty()) {
            throw error("nothing after the layer", parser.words.peek());
        }
        return spec;
    }

    private LayerSpec layer(Shape output) {
        String kind = words.poll();
        return switch (kind) {
            case "dense" -> new Dense(extent("units"), classes(), activation());
            case "maxout" -> maxout();
            case "conv" -> convolution(extent("channels"), false);
            case "deconv" -> convolution(extent("channels"), true);
            case "batch-norm" -> new BatchNorm(classes(), activation());
            case "dropout" -> new Dropout((float) number("a keep probability in (0, 1]", p -> p > 0 && p <= 1));
            case "reshape" -> new Reshape(Shape.of(extents("4x4x256", 3, LARGEST_EXTENT)));
            case "upsample" -> new Resample(true, resampling());
            case "downsample" -> new Resample(false, resampling());
            case "minibatch-deviation" -> new MinibatchDeviation();
            case "scale" -> new Scale((float) number("a factor above 0", factor -> factor > 0 && factor <= LARGEST_FACTOR));
            case "output" -> output(output);
            default ->
                throw error("dense, maxout, conv, deconv, batch-norm, dropout, reshape, upsample, downsample, scale, "
                        + "minibatch-deviation, residual, add or output", kind);
        };
    }

    private LayerSpec output(Shape output) {
        return switch (words.peek()) {
            case "conv", "deconv" -> convolution(output.channels(), words.poll().equals("deconv"));
            case "projection" -> projection(output);
            case null, default -> new Dense(Math.toIntExact(output.size()), classes(), activation());
        };
    }

    private LayerSpec projection(Shape output) {
        words.poll();
        if (output.size() != 1) {
            throw new IllegalArgumentException("expected \"projection\" in the discriminator, which gives one number, found it where " + output
                    + " are given");
        }
        return new Projection(whole("a number of classes", 2, LARGEST_EXTENT));
    }

    private int classes() {
        return next("classes") ? whole("a number of classes", 2, LARGEST_EXTENT) : 0;
    }

    private LayerSpec convolution(int channels, boolean transposed) {
        int[] kernel = extents("4x4", 2, LARGEST_WINDOW);
        int stride = next("stride") ? whole("a stride", 1, LARGEST_WINDOW) : 1;
        int padding = next("pad") ? whole("a padding", 0, LARGEST_WINDOW) : Window.centred(kernel[0], kernel[1], stride).padding();
        int groups = next("groups") ? whole("a number of groups", 1, LARGEST_EXTENT) : 1;
        return new Convolution(channels, new Window(kernel[0], kernel[1], stride, padding), groups, transposed, activation());
    }

    private boolean next(String word) {
        boolean next = word.equals(words.peek());
        if (next) {
            words.poll();
        }
        return next;
    }

    private Resampling resampling() {
        String name = take("nearest or bilinear");
        return switch (name) {
            case "nearest" -> Resampling.NEAREST;
            case "bilinear" -> Resampling.BILINEAR;
            default -> throw error("nearest or bilinear", name);
        };
    }

    private LayerSpec maxout() {
        int[] extents = extents("240x5", 2, LARGEST_EXTENT);
        return new Maxout(extents[0], extents[1]);
    }

    /// Numbers with an x between them.
    private int[] extents(String example, int count, int most) {
        String expected = String.format(Locale.ROOT, "%d numbers in 1..%d, as in %s", count, most, example);
        String word = take(expected);
        String[] parts = word.split("x", -1);
        if (parts.length != count) {
            throw error(expected, word);
        }
        return Arrays.stream(parts).mapToInt(part -> wholeOf(part, "a number", 1, most)).toArray();
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
        return whole("a number of " + what, 1, LARGEST_EXTENT);
    }

    private int whole(String expected, int least, int most) {
        return wholeOf(take(expected), expected, least, most);
    }

    private int wholeOf(String word, String expected, int least, int most) {
        return (int) parse(word, String.format(Locale.ROOT, "%s in %d..%d", expected, least, most), Integer::valueOf, n -> n >= least && n <= most);
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

    private static IllegalArgumentException error(String expected, String found) {
        return new IllegalArgumentException(String.format(Locale.ROOT, "expected %s, found \"%s\"", expected, found));
    }
}
