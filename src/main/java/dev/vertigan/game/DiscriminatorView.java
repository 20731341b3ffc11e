package dev.vertigan.game;

import dev.vertigan.config.RunConfig;
import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Batch;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/// From samples to what D sees of them, and back for gradients: augmented, then with instance noise, then in packs.
///
/// Pairs of a pack are consecutive rows, so a pack never leaves its shard.
final class DiscriminatorView {

    private final Kernels kernels;
    private final long seed;
    private final Packing packing;
    private final Shape sample;
    private final double black;
    private final Optional<Augmentation> augmentation;
    private final Tensor changed; // [rows, features]; empty if not needed
    private final Tensor apart; // [rows, features]; empty if not needed
    private final Tensor one; // [rows/m, features], of each pack; empty if not needed

    /// @param rows samples of a shard
    DiscriminatorView(GameRules rules, RunConfig.Game game, int rows, Kernels kernels) {
        this.kernels = kernels;
        seed = rules.seed();
        packing = Packing.of(rules.sample(), game.pack());
        sample = rules.sample();
        black = rules.black();
        augmentation = game.augmentation().none() ? Optional.empty() : Optional.of(new Augmentation(game.augmentation(), sample, black));
        changed = kernels.allocate(augmentation.isPresent() ? rows : 0, packing.features());
        apart = kernels.allocate(packing.interleaves() ? rows : 0, packing.features());
        one = kernels.allocate(packing.interleaves() ? rows / packing.samples() : 0, packing.features());
    }

    /// Whether D sees samples as they are, but for noise.
    boolean plain() {
        return augmentation.isEmpty() && packing.samples() == 1;
    }

    /// Shows samples to D.
    ///
    /// @param noise its standard deviation; 0 = none
    /// @param into `[rows/m, m·features]`
    void show(Batch samples, Moment moment, double noise, boolean real, Tensor into) {
        var x = samples.x();
        if (augmentation.isPresent()) {
            var changes = augmentation.get().of(Streams.augmentation(seed, moment, real).from(samples.first()), x.extent(0));
            kernels.changeImages(images(x), changes, black, images(changed));
            x = changed;
        }
        var target = packing.interleaves() ? apart : into.reshape(x.extent(0), packing.features());
        if (noise > 0) {
            kernels.addNormal(x, (float) noise, Streams.instanceNoise(seed, moment, real).from(samples.first()), target);
            x = target;
        }
        if (packing.interleaves()) {
            packing.interleave(x, into, one, kernels);
        } else if (x != target) {
            kernels.copy(x, target);
        }
    }

    /// The gradient at the fakes from that at what D sees of them.
    ///
    /// @param gradient `[rows/m, m·features]`; may be overwritten
    /// @param first row of the minibatch
    Tensor back(Tensor gradient, long first, Moment moment) {
        if (plain()) {
            return gradient;
        }
        var dx = gradient.reshape(gradient.extent(0) * packing.samples(), packing.features());
        if (packing.interleaves()) {
            packing.separate(gradient, apart, one, kernels);
            dx = apart;
        }
        if (augmentation.isPresent()) {
            var changes = augmentation.get().of(Streams.augmentation(seed, moment, false).from(first), dx.extent(0));
            kernels.changeImagesBack(images(dx), changes, images(changed));
            dx = changed;
        }
        return dx;
    }

    private Tensor images(Tensor rows) {
        return rows.reshape(sample.minibatch(rows.extent(0)));
    }

    /// Whether samples of that shape can be shown so.
    ///
    /// @return what stands in the way
    static List<String> problems(RunConfig config, Shape sample, int classes) {
        if (!config.game().augmentation().none() && sample.extents().size() != 3) {
            return List.of("expected images with game.augmentation, found points");
        }
        return config.game().pack() > 1 && classes > 0 ? List.of("expected game.pack of 1, as a pack is of several classes, found "
                + config.game().pack()) : List.of();
    }
}
