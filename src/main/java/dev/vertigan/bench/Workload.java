package dev.vertigan.bench;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A game to be timed.
///
/// @param name as people ask for it
/// @param description networks and minibatch
/// @param preset what it differs from
/// @param settings how it differs
public record Workload(String name, String description, String preset, List<String> settings) {

    private static final List<String> COMMON = List.of("samples.every=1000000000", "checkpoint.every=1000000000", "steps=0");

    /// The games that published figures and other libraries are compared on.
    public static final List<Workload> ALL = List.of(
            mlp("mlp-1200", "digits", 128, 100, 1200),
            mlp("mlp-256", "digits", 64, 100, 256),
            mlp("ring-128", "ring", 256, 2, 128),
            preset("mnist"),
            preset("ring"));

    private static Workload preset(String name) {
        return new Workload(name, "the preset", name, List.of());
    }

    private static Workload mlp(String name, String preset, int batch, int latent, int hidden) {
        var layers = "dense %d leaky-relu, dense %d leaky-relu, output".formatted(hidden, hidden);
        boolean image = preset.equals("digits");
        int features = image ? 784 : 2;
        return new Workload(name,
                "G %d-%d-%d-%d, D %d-%d-%d-1, leaky ReLU, batch %d".formatted(latent, hidden, hidden, features, features, hidden, hidden, batch),
                preset,
                List.of("data.size=2048", "generator.optimiser.name=adam", "discriminator.optimiser.name=adam", "batch=" + batch,
                        "latent.size=" + latent, "generator.layers=" + layers + (image ? " sigmoid" : ""),
                        "discriminator.layers=" + layers));
    }

    /// The configuration, with more settings on top.
    public RunConfig config(List<String> more) {
        var assignments = new ArrayList<Assignment>();
        Stream.of(COMMON, settings, more).flatMap(List::stream).map(Assignment::parse).forEach(assignments::add);
        return new ConfigLoader().load(preset, Optional.empty(), assignments);
    }
}
