package dev.vertigan.game;

import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Batch;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;

/// From samples to what D sees of them, and back for gradients: augmented, with instance noise, and in packs of m that D judges together
/// (PacGAN, Lin et al. 2018). Points of a pack stand one after the other; images in each other's channels.
///
/// Pairs of a pack are consecutive rows, so a pack never leaves its shard.
final class View {

    private final Kernels kernels;
    private final long seed;
    private final int pack;
    private final int features;
    private final int channels; // 0: points
    private final Optional<Augmentation> augmentation;
    private final Tensor staged; // [rows, features]; empty if not needed
    private final double[] row;
    private final float[] floats;

    /// @param rows samples of a shard
    /// @throws UserError if these kernels cannot do that
    View(GameRules rules, RunConfig.Game game, int rows, Kernels kernels) {
        this.kernels = kernels;
        seed = rules.seed();
        pack = game.pack();
        features = Math.toIntExact(rules.sample().size());
        channels = rules.sample().extents().size() == 3 ? rules.sample().extents().getLast() : 0;
        augmentation = game.augmentation().none() ? Optional.empty()
                : Optional.of(new Augmentation(game.augmentation(), rules.sample(), rules.black()));
        boolean host = augmentation.isPresent() || interleaves();
        if (host && !kernels.onHost()) {
            throw new UserError("game.augmentation, and game.pack of images: expected kernels of the CPU, found " + kernels.describe()
                    + "; set compute.kernels to simd");
        }
        staged = kernels.allocate(host ? rows : 0, features);
        row = new double[features];
        floats = new float[features];
    }

    /// What D judges, of samples of that shape.
    static Shape judged(Shape sample, int pack) {
        var extents = sample.extents();
        return extents.size() == 1 ? Shape.of(extents.getFirst() * pack) : Shape.of(extents.getFirst(), extents.get(1), extents.getLast() * pack);
    }

    private boolean interleaves() {
        return channels > 0 && pack > 1;
    }

    /// Whether D sees samples as they are, but for noise.
    boolean plain() {
        return augmentation.isEmpty() && pack == 1;
    }

    /// Shows samples to D.
    ///
    /// @param noise its standard deviation; 0 = none
    /// @param into `[rows/m, m·features]`
    void show(Batch samples, Moment moment, double noise, boolean real, Tensor into) {
        var x = samples.x();
        if (augmentation.isPresent()) {
            augment(x, Streams.augmentation(seed, moment, real).from(samples.first()), false);
            x = staged;
        }
        var target = interleaves() ? staged : into.reshape(x.extent(0), features);
        if (noise > 0) {
            kernels.addNormal(x, (float) noise, Streams.instanceNoise(seed, moment, real).from(samples.first()), target);
            x = target;
        }
        if (interleaves()) {
            interleave(x, into);
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
        var dx = gradient.reshape(gradient.extent(0) * pack, features);
        if (interleaves()) {
            separate(gradient, staged);
            dx = staged;
        }
        if (augmentation.isPresent()) {
            augment(dx, Streams.augmentation(seed, moment, false).from(first), true);
            dx = staged;
        }
        return dx;
    }

    /// From x, which may be it, to what is staged.
    private void augment(Tensor x, Draw draw, boolean adjoint) {
        var augment = augmentation.orElseThrow();
        for (long i = 0; i < x.extent(0); i++) {
            read(x, i);
            if (adjoint) {
                augment.applyAdjoint(row, draw, i);
            } else {
                augment.apply(row, draw, i);
            }
            write(staged, i);
        }
    }

    private void read(Tensor x, long at) {
        if (x.type() == ElementType.FLOAT32) {
            MemorySegment.copy(x.segment(), ValueLayout.JAVA_FLOAT, at * features * Float.BYTES, floats, 0, features);
            for (int i = 0; i < features; i++) {
                row[i] = floats[i];
            }
        } else {
            for (int i = 0; i < features; i++) {
                row[i] = x.get(at * features + i);
            }
        }
    }

    private void write(Tensor x, long at) {
        if (x.type() == ElementType.FLOAT32) {
            for (int i = 0; i < features; i++) {
                floats[i] = (float) row[i];
            }
            MemorySegment.copy(floats, 0, x.segment(), ValueLayout.JAVA_FLOAT, at * features * Float.BYTES, features);
        } else {
            for (int i = 0; i < features; i++) {
                x.set(at * features + i, row[i]);
            }
        }
    }

    /// `[rows, pixels, c]` to `[rows/m, pixels, m·c]`.
    private void interleave(Tensor x, Tensor into) {
        for (long i = 0; i < x.extent(0); i++) {
            for (int j = 0; j < features; j++) {
                into.set(packed(i, j), x.get(i * features + j));
            }
        }
    }

    private void separate(Tensor packed, Tensor into) {
        for (long i = 0; i < into.extent(0); i++) {
            for (int j = 0; j < features; j++) {
                into.set(i * features + j, packed.get(packed(i, j)));
            }
        }
    }

    private long packed(long sample, int value) {
        long pixel = value / channels;
        return (sample / pack * features / channels + pixel) * pack * channels + sample % pack * channels + value % channels;
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
