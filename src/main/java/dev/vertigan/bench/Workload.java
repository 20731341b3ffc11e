package dev.vertigan.bench;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// A game to be timed.
///
/// @param name as people ask for it
/// @param networks for people
/// @param preset what it differs from
/// @param batch minibatch size
/// @param settings how else it differs
public record Workload(String name, String networks, String preset, int batch, List<String> settings) {

    private static final List<String> COMMON = List.of("samples.every=1000000000", "checkpoint.every=1000000000", "evaluation.share=0",
            "steps=0");

    private static final String ADAM_G = "generator.optimiser.name=adam";
    private static final String ADAM_D = "discriminator.optimiser.name=adam";
    private static final String IMAGES = "data.name=images";
    private static final int SIDE = 32; // pixels of an image

    /// The games that published figures and other libraries are compared on.
    public static final List<Workload> COMPARED = List.of(
            mlp("mlp-1200", "digits", 128, 100, 1200),
            mlp("mlp-256", "digits", 64, 100, 256),
            mlp("ring-128", "ring-2014", 256, 2, 128),
            new Workload("dcgan-32", "G 100-4×4×256-8×8×128-16×16×64-32×32×1, D back to 4×4×256-1, 4×4 stride 2, batch norm", "digits", 64,
                    List.of(ADAM_G, ADAM_D, "latent.size=100", IMAGES, "data.extent=" + SIDE, "data.channels=1", "data.scale=symmetric",
                            "generator.layers=dense 4096, reshape 4x4x256, batch-norm relu, deconv 128 4x4 stride 2, batch-norm relu, "
                                    + "deconv 64 4x4 stride 2, batch-norm relu, output deconv 4x4 stride 2 tanh",
                            "discriminator.layers=conv 64 4x4 stride 2 leaky-relu, conv 128 4x4 stride 2, batch-norm leaky-relu, "
                                    + "conv 256 4x4 stride 2, batch-norm leaky-relu, output")));

    /// All that can be timed: these and some presets.
    public static final List<
            Workload> ALL = Stream.concat(COMPARED.stream(), Stream.of(preset("mnist", "mnist"), preset("ring", "ring-2014"))).toList();

    private static Workload preset(String name, String preset) {
        var config = new ConfigLoader().load(preset, Optional.empty(), List.of());
        return new Workload(name, "the preset", preset, config.batch(), List.of());
    }

    private static Workload mlp(String name, String preset, int batch, int latent, int hidden) {
        var layers = String.format(Locale.ROOT, "dense %d leaky-relu, dense %d leaky-relu, output", hidden, hidden);
        boolean image = preset.equals("digits");
        int features = image ? 784 : 2;
        return new Workload(name,
                String.format(Locale.ROOT, "G %d-%d-%d-%d, D %d-%d-%d-1, leaky ReLU", latent, hidden, hidden, features, features, hidden, hidden),
                preset, batch, List.of("data.size=2048", ADAM_G, ADAM_D, "latent.size=" + latent,
                        "generator.layers=" + layers + (image ? " sigmoid" : ""),
                        "discriminator.layers=" + layers));
    }

    /// The same with another minibatch size.
    public Workload withBatch(int size) {
        return new Workload(name, networks, preset, size, settings);
    }

    /// The same with more settings, as in `compute.kernels=simd`.
    public Workload with(List<String> more) {
        return new Workload(name, networks, preset, batch, Stream.concat(settings.stream(), more.stream()).toList());
    }

    /// Paths of the settings with which it differs from its preset.
    List<String> paths() {
        return settings.stream().map(setting -> Assignment.parse(setting).path()).toList();
    }

    /// Networks and minibatch, for people.
    public String description() {
        return String.format(Locale.ROOT, "%s, batch %d", networks, batch);
    }

    /// The configuration, with more settings on top.
    ///
    /// @param images where pictures are put, for the workloads that learn from files
    public RunConfig config(Path images, List<String> more) {
        var all = new ArrayList<String>();
        Stream.of(COMMON, settings, List.of("batch=" + batch), more).forEach(all::addAll);
        if (settings.contains(IMAGES)) {
            NoiseImages.write(images, SIDE);
            all.add("data.dir=" + images);
        }
        return new ConfigLoader().load(preset, Optional.empty(), all.stream().map(Assignment::parse).toList());
    }
}
