package dev.vertigan.peers;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// One layer as the program's configuration has it, of those that the workloads use.
sealed interface Line {

    /// `dense 256 leaky-relu`, and `output …` of as many units as are asked for.
    record Dense(int units, Activation activation) implements Line {}

    /// `conv 64 4x4 stride 2 leaky-relu`, or `deconv …`, its transpose; padded to keep the centre.
    record Convolution(int channels, int kernel, int stride, boolean transposed, Activation activation) implements Line {

        int padding() {
            return (kernel - stride) / 2;
        }
    }

    /// `reshape 4x4x256`: values seen as height × width × channels.
    record Reshape(int height, int width, int channels) implements Line {}

    /// `batch-norm relu`.
    record BatchNorm(Activation activation) implements Line {}

    /// @param slope of `leaky-relu`, below zero
    record Activation(String name, float slope) {}

    /// Reads a network.
    ///
    /// @param channels that `output conv` or `output deconv` gives
    /// @param features that `output` gives
    /// @throws Peer.Cannot if a line is none of these
    static List<Line> read(List<String> lines, int channels, int features) {
        return lines.stream().map(line -> read(line, new ArrayDeque<>(Arrays.asList(line.strip().split("\\s+"))), channels, features)).toList();
    }

    private static Line read(String line, Deque<String> words, int channels, int features) {
        return switch (words.pop()) {
            case "dense" -> new Dense(Integer.parseInt(words.pop()), activation(words));
            case "conv" -> convolution(Integer.parseInt(words.pop()), false, words);
            case "deconv" -> convolution(Integer.parseInt(words.pop()), true, words);
            case "batch-norm" -> new BatchNorm(activation(words));
            case "reshape" -> {
                var extents = Arrays.stream(words.pop().split("x")).mapToInt(Integer::parseInt).toArray();
                yield new Reshape(extents[0], extents[1], extents[2]);
            }
            case "output" -> output(words, channels, features);
            default -> throw new Peer.Cannot("no \"%s\" is written for it here".formatted(line));
        };
    }

    private static Line output(Deque<String> words, int channels, int features) {
        return switch (words.peek()) {
            case "conv", "deconv" -> convolution(channels, words.pop().equals("deconv"), words);
            case null, default -> new Dense(features, activation(words));
        };
    }

    private static Line convolution(int channels, boolean transposed, Deque<String> words) {
        int kernel = Integer.parseInt(words.pop().split("x")[0]);
        int stride = 1;
        if ("stride".equals(words.peek())) {
            words.pop();
            stride = Integer.parseInt(words.pop());
        }
        return new Convolution(channels, kernel, stride, transposed, activation(words));
    }

    private static Activation activation(Deque<String> words) {
        String name = words.isEmpty() ? "linear" : words.pop();
        float slope = words.isEmpty() ? 0.2f : Float.parseFloat(words.pop());
        return new Activation(name, slope);
    }
}
