package dev.vertigan.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// From lines to layers: first what each line says and how blocks nest, then what shapes that makes.
final class ArchitectureReader {

    private static final int MOST_LINES = 256; // a layer's number has 8 bits in the key of its random numbers
    private static final long LARGEST_SAMPLE = 1L << 28; // values between two layers; 1 GiB of float32
    private static final long LARGEST_LAYER = 1L << 28; // weights

    private final List<String> lines;
    private final Shape output;
    private final List<String> problems = new ArrayList<>();
    private int next;
    private int classes; // that layers tell apart; 0 until one does

    ArchitectureReader(List<String> lines, Shape output) {
        this.lines = lines;
        this.output = output;
    }

    /// A line, or a residual block's, before shapes are known.
    private sealed interface Node {

        record Leaf(String path, int number) implements Node {}

        record Block(String path, int number, List<Node> body) implements Node {}
    }

    Architecture read(Shape input) {
        if (lines.isEmpty() || lines.size() > MOST_LINES) {
            throw new Architecture.Unfit(List.of(String.format(Locale.ROOT, "expected 1 to %d layers, found %d", MOST_LINES, lines.size())));
        }
        var nodes = new ArrayList<Node>();
        while (next < lines.size()) {
            node("", nodes, false);
        }
        if (!isOutput(lines.size() - 1)) {
            problems.add(String.format(Locale.ROOT, "layer \"%s\": expected \"output\" as the last layer", lines.getLast()));
        }
        if (problems.isEmpty()) {
            try {
                return new Architecture(sequence(nodes, input), input, classes);
            } catch (IllegalArgumentException e) {
                problems.add(e.getMessage());
            }
        }
        throw new Architecture.Unfit(problems);
    }

    /// See [Architecture#classes(List)].
    int classes() {
        while (next < lines.size()) {
            node("", new ArrayList<>(), false);
        }
        return classes;
    }

    private boolean isOutput(int number) {
        return lines.get(number).strip().split("\\s+")[0].equals("output");
    }

    /// Reads the next line and, if it opens a block, that block.
    private void node(String prefix, List<Node> nodes, boolean inBlock) {
        int number = next++;
        String path = prefix + nodes.size();
        switch (lines.get(number).strip()) {
            case "residual" -> nodes.add(new Node.Block(path, number, body(path, number)));
            case "add" -> problem(path, number, "expected \"residual\" before it, found none");
            default -> {
                if (isOutput(number) && (inBlock || number < lines.size() - 1)) {
                    problem(path, number, "expected \"output\" as the last layer and only there");
                }
                try {
                    sameClasses(LayerParser.parse(lines.get(number), output).classes());
                } catch (IllegalArgumentException e) {
                    problem(path, number, String.valueOf(e.getMessage()));
                }
                nodes.add(new Node.Leaf(path, number));
            }
        }
    }

    private void sameClasses(int told) {
        if (told > 0 && classes > 0 && told != classes) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "expected %d classes as in the layers before it, found %d", classes, told));
        }
        classes = Math.max(classes, told);
    }

    private List<Node> body(String path, int opening) {
        var nodes = new ArrayList<Node>();
        while (next < lines.size() && !lines.get(next).strip().equals("add")) {
            node(path + ".", nodes, true);
        }
        if (next++ >= lines.size()) {
            problem(path, opening, "expected \"add\" after its layers, found the end");
        } else if (nodes.isEmpty()) {
            problem(path, opening, "expected layers before \"add\", found none");
        }
        return nodes;
    }

    private void problem(String path, int number, String what) {
        problems.add(where(path, number) + what);
    }

    private String where(String path, int number) {
        return String.format(Locale.ROOT, "layer %s \"%s\": ", path, lines.get(number));
    }

    private Sequence sequence(List<Node> nodes, Shape input) {
        var layers = new ArrayList<PlacedLayer>();
        var shape = input;
        for (var node : nodes) {
            var layer = switch (node) {
                case Node.Leaf(String path, int number) -> placed(path, number, LayerParser.parse(lines.get(number), output), shape);
                case Node.Block(String path, int number, var body) -> placed(path, number, new Residual(sequence(body, shape)), shape);
            };
            layers.add(layer);
            shape = layer.out();
        }
        return new Sequence(layers);
    }

    private PlacedLayer placed(String path, int number, LayerSpec spec, Shape shape) {
        try {
            var in = spec.takes(shape);
            var layer = new PlacedLayer(path, number, spec, in, spec.gives(in));
            check(layer, number == lines.size() - 1);
            return layer;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where(path, number) + e.getMessage(), e);
        }
    }

    private void check(PlacedLayer layer, boolean last) {
        var out = layer.out();
        if (last && !(out.isImage() ? out.equals(output.asImage()) : out.size() == output.size())) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "expected to give %s, found %s", output, out));
        }
        if (out.size() > LARGEST_SAMPLE) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "expected at most %d values a sample, found %s", LARGEST_SAMPLE, out));
        }
        var declarations = new Declarations();
        layer.declare(declarations);
        if (declarations.learned().count() > LARGEST_LAYER) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "expected at most %d weights, found %d", LARGEST_LAYER, declarations.learned().count()));
        }
    }
}
