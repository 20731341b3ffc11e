package dev.vertigan.nn;

import dev.vertigan.tensor.Activation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A network on paper: its layers and the shapes between them, checked.
public final class Architecture {

    private final Sequence layers;
    private final Shape input;
    private final int classes;

    Architecture(Sequence layers, Shape input, int classes) {
        this.layers = layers;
        this.classes = classes;
        this.input = input;
    }

    /// Reads the configuration's lines.
    ///
    /// @param lines one layer each, as in `dense 256 relu`; the last must begin with `output`
    /// @param input what comes in
    /// @param output what must come out
    /// @throws Unfit with all that is wrong
    public static Architecture parse(List<String> lines, Shape input, Shape output) {
        return new ArchitectureReader(lines, output).read(input);
    }

    /// How many classes the layers of these lines tell apart, whatever their shapes; 0 if none looks at a sample's class, or a line is none.
    public static int classes(List<String> lines) {
        return new ArchitectureReader(lines, Shape.of(1)).classes();
    }

    /// Layers that make no network.
    public static final class Unfit extends IllegalArgumentException {

        private static final long serialVersionUID = 1;

        private final transient List<String> problems;

        /// @param problems each naming the layer, what was expected and what was found
        public Unfit(List<String> problems) {
            super(String.join("; ", problems));
            this.problems = List.copyOf(problems);
        }

        /// All of them.
        public List<String> problems() {
            return problems;
        }
    }

    /// How many classes its layers tell apart; 0 if none looks at a sample's class.
    public int classes() {
        return classes;
    }

    /// The activation of the last layer.
    public Activation outputActivation() {
        return layers.layers().getLast().spec().fused().orElse(Activation.LINEAR);
    }

    /// The name of the last layer's bias among the weights, `[features]` or `[channels]`.
    public String outputBias() {
        return layers.layers().getLast().path() + ".bias";
    }

    /// What it takes, before any of it is taken.
    public Size size() {
        return Size.of(layers);
    }

    /// Whether a sample's output depends on the other samples of its minibatch.
    public boolean crossSample() {
        return layers.layers().stream().anyMatch(layer -> layer.spec().crossSample());
    }

    /// The first layer that is not linear but for kinks, as `layer 2, batch-norm`, if there is one.
    public Optional<String> smoothLayer() {
        return layers.layers().stream().filter(layer -> !layer.spec().piecewiseLinear()).findFirst()
                .map(layer -> "layer " + layer.path() + ", " + words(layer.spec()));
    }

    /// Its layers, in order.
    public List<LayerNote> notes() {
        return notes(layers);
    }

    private static List<LayerNote> notes(Sequence sequence) {
        return sequence.layers().stream().map(layer -> {
            var declared = new Declarations();
            layer.declare(declared);
            var inner = layer.spec() instanceof Residual residual ? notes(residual.body()) : List.<LayerNote>of();
            return new LayerNote(layer.path(), words(layer.spec()), layer.in(), layer.out(), declared.learned().count(),
                    inner.isEmpty() ? declared.learned().names() : List.of(), inner);
        }).toList();
    }

    private static String words(LayerSpec spec) {
        String kind = spec.getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
        return spec.fused().map(activation -> kind + " " + activation.kind().name().toLowerCase(Locale.ROOT).replace('_', '-')).orElse(kind);
    }

    Sequence layers() {
        return layers;
    }

    Shape input() {
        return input;
    }

    Shape output() {
        return layers.out(input);
    }

    Declarations declare() {
        var declarations = new Declarations();
        layers.layers().forEach(layer -> layer.declare(declarations));
        return declarations;
    }
}
