package dev.vertigan.duel;

import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Mixture;
import dev.vertigan.data.Pushforward;
import dev.vertigan.game.Discriminator;
import dev.vertigan.game.Generator;
import dev.vertigan.game.Latents;
import dev.vertigan.game.Moment;
import dev.vertigan.nn.GradientTarget;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Pass;
import dev.vertigan.nn.Shape;
import dev.vertigan.nn.Trace;
import dev.vertigan.objective.BestDiscriminator;
import dev.vertigan.objective.MinibatchObjective;
import dev.vertigan.objective.Objective;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.Scene;
import java.util.Arrays;
import java.util.Optional;

/// Both players at a moment, with weights of its own: what D makes of the run's fixed latents and of some reals, and where it sends G.
///
/// D judges as it does at rest, without dropout; with batch norm as in training, each kind by the company it keeps. Not thread-safe.
public final class Duel {

    private static final int MOST_POINTS = 1024; // samples of each kind
    private static final int MOST_COORDINATES = 1 << 15; // in all points of a kind
    private static final int MOST_IMAGES = 256;
    private static final int DRAWS = 4096; // of G, for its density
    private static final int LINE = 241; // places on the line
    private static final int PLANE = 64; // places across and down the plane
    private static final int ARROWS = 33; // from z to x
    private static final int LATTICE = 21; // latents across and down
    private static final double LATTICE_REACH = 2.5; // deviations of z
    private static final double MARGIN = 1.25; // of the frame about the data
    private static final double WIDER = 1.6; // a page shows more than a square of the plane

    private final RunConfig config;
    private final Dataset dataset;
    private final Kernels kernels;
    private final int count;
    private final int features;
    private float[] reals; // [count, features]
    private final Network generator;
    private final Network discriminator;
    private final Trace drawing;
    private final Trace judging;
    private final MinibatchObjective objective;
    private final int classes; // that the players look at; 0 = none
    private final Tensor labels; // [count]
    private final Optional<Tensor> oneHot; // [count, classes]
    private final Tensor latents; // [count, latent]
    private final Tensor seen; // [count, features]
    private final Tensor realLogits; // [count, 1]
    private final Tensor slopes; // [count, 1]
    private final Tensor sums; // float64 [1]

    /// Weights as a player has them, flat.
    ///
    /// @param statistics batch norm's running ones
    public record Weights(Tensor weights, Tensor statistics) {}

    /// @param reals samples of the data, `[n, features]`; as many fakes are drawn, if they are not too many
    public Duel(RunConfig config, Dataset dataset, float[] reals, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
        this.dataset = dataset;
        features = dataset.features();
        count = Math.min(reals.length / features,
                dataset.kind() == Dataset.Kind.IMAGE ? MOST_IMAGES : Math.min(MOST_POINTS, Math.max(1, MOST_COORDINATES / features)));
        this.reals = Arrays.copyOf(reals, count * features);
        var sample = Shape.of(dataset.shape());
        generator = new Network(Generator.architecture(config, sample), kernels, config.seed(), 0);
        discriminator = new Network(Discriminator.architecture(config, sample), kernels, config.seed(), 0);
        drawing = generator.trace(count);
        judging = discriminator.trace(count);
        objective = new MinibatchObjective(Objective.of(config.game().objective()), kernels, count);
        classes = generator.architecture().classes();
        labels = kernels.allocate(count);
        oneHot = classes == 0 ? Optional.empty() : Optional.of(kernels.allocate(count, classes));
        latents = kernels.allocate(count, config.latent().size());
        seen = kernels.allocate(count, features);
        realLogits = kernels.allocate(count, 1);
        slopes = kernels.allocate(count, 1);
        sums = kernels.sums(1);
    }

    /// Holds the players against other data from now on.
    ///
    /// @param others samples of it, `[n, features]`, as many as there were or more
    public void reals(float[] others) {
        reals = Arrays.copyOf(others, count * features);
    }

    /// @param generator G itself, which is what D plays against, or its average, as pictures are drawn
    /// @param game as it was played
    public Scene at(long step, Weights generator, Weights discriminator, RunConfig.Game game) {
        load(this.generator, generator);
        load(this.discriminator, discriminator);
        float[] fakes = draw(Latents.drawn(config, config.seed()), count, true);
        float[] real = judge(reals, pass(step), true);
        float[] push = push(fakes, real, pass(step));
        float[] fake = judge(fakes, pass(step), true);
        var scene = new SceneWriter().add("realLogits", real, count).add("fakeLogits", fake, count);
        switch (dataset.kind()) {
            case POINTS_1D -> line(scene.add("reals", reals, count, 1).add("fakes", fakes, count, 1).add("push", push, count, 1), game);
            case POINTS_2D -> plane(scene.add("reals", reals, count, 2).add("fakes", fakes, count, 2).add("push", push, count, 2));
            case POINTS -> scene.add("reals", reals, count, features).add("fakes", fakes, count, features).add("push", push, count, features);
            case IMAGE -> scene.addCoarse("push", brightness(push), count, dataset.shape()[0], dataset.shape()[1]);
        }
        return scene.at(step);
    }

    private static void load(Network network, Weights weights) {
        network.weights().flat().segment().copyFrom(weights.weights.segment());
        network.statistics().flat().segment().copyFrom(weights.statistics.segment());
    }

    private Pass pass(long step) {
        return discriminator.architecture().crossSample() ? Pass.training(step, Moment.GENERATOR_PHASE) : Pass.INFERENCE;
    }

    /// Where the players look at classes: number i is of class i mod K, as pictures are.
    ///
    /// @param each whether each class has its turn; else all are of the first
    private void label(long from, boolean each) {
        oneHot.ifPresent(all -> {
            for (int i = 0; i < count; i++) {
                labels.set(i, each ? (from + i) % classes : 0);
            }
            kernels.oneHot(labels, all);
        });
    }

    /// G of the first rows of some latents, `[n, features]`.
    private float[] draw(Latents rows, int n, boolean each) {
        float[] samples = new float[n * features];
        for (int from = 0; from < n; from += count) {
            rows.fill(latents, from);
            label(from, each);
            read(drawing.forward(latents, Pass.INFERENCE.of(oneHot)), samples, from * features);
        }
        return samples;
    }

    /// D's logits, `[n]`.
    private float[] judge(float[] x, Pass pass, boolean each) {
        int n = x.length / features;
        float[] logits = new float[n];
        for (int from = 0; from < n; from += count) {
            int rows = Math.min(count, n - from);
            label(from, each);
            read(judging.forward(see(x, from, rows), pass.of(oneHot.map(all -> all.rows(0, rows)))), logits, from);
        }
        return logits;
    }

    /// `−∂L_G/∂x`, as if each fake were the only one: which way each is sent, `[count, features]`.
    private float[] push(float[] fakes, float[] real, Pass pass) {
        write(real, 0, realLogits);
        label(0, true);
        var logits = judging.forward(see(fakes, 0, count), pass.of(oneHot));
        objective.critique(realLogits, logits, 1, slopes, sums, 0);
        judging.backward(slopes, GradientTarget.NONE);
        float[] push = new float[count * features];
        read(judging.inputGradient(0, count), push, 0);
        for (int i = 0; i < push.length; i++) {
            push[i] = -push[i];
        }
        return push;
    }

    private Tensor see(float[] x, int from, int rows) {
        var part = rows == count ? seen : seen.rows(0, rows);
        write(x, from * features, part);
        return part;
    }

    private static void write(float[] from, int offset, Tensor to) {
        for (int i = 0; i < to.size(); i++) {
            to.set(i, from[offset + i]);
        }
    }

    private static void read(Tensor from, float[] to, int offset) {
        for (int i = 0; i < Math.min(from.size(), to.length - offset); i++) {
            to[offset + i] = (float) from.get(i);
        }
    }

    /// Densities, D and D* along the line, and where G takes z (Goodfellow et al. 2014, figure 1).
    private void line(SceneWriter scene, RunConfig.Game game) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (float real : reals) {
            low = Math.min(low, real);
            high = Math.max(high, real);
        }
        double room = high > low ? (MARGIN - 1) * (high - low) : 1;
        double[] x = between(low - room, high + room, LINE);
        double[] generated = generated(x);
        double[] data = dataset instanceof Mixture mixture ? Density.of(mixture.modes(), x) : Density.of(reals, x);
        scene.add("x", floats(x), LINE).add("logits", judge(floats(x), Pass.INFERENCE, false), LINE)
                .add("data", floats(data), LINE).add("generated", floats(generated), LINE);
        BestDiscriminator.of(game).filter(best -> !best.upToConstant()).ifPresent(best -> {
            double[] logits = new double[LINE];
            Arrays.setAll(logits, i -> best.logit(data[i], generated[i]));
            scene.add("best", floats(logits), LINE);
        });
        double[] z = between(-LATTICE_REACH, LATTICE_REACH, ARROWS);
        scene.add("z", floats(z), ARROWS).add("gz", draw(slice(floats(z), 1), ARROWS, false), ARROWS);
        sliced(scene, 1);
    }

    /// What G makes, exactly where that is known.
    private double[] generated(double... x) {
        return (classes == 0 ? Pushforward.of(config.latent(), z -> draw(Latents.of(z), z.length, false)) : Optional.<Pushforward>empty())
                .map(exact -> exact.density(x)).orElseGet(() -> Density.of(draw(Latents.drawn(config, config.seed()), DRAWS, true), x));
    }

    /// D over the plane, and what G makes of a lattice of latents.
    private void plane(SceneWriter scene) {
        float reach = 0;
        for (float value : reals) {
            reach = Math.max(reach, Math.abs(value));
        }
        double frame = MARGIN * WIDER * (reach == 0 ? 1 : reach);
        double[] side = between(-frame, frame, PLANE);
        float[] places = new float[PLANE * PLANE * 2];
        for (int i = 0; i < PLANE * PLANE; i++) {
            places[2 * i] = (float) side[i % PLANE];
            places[2 * i + 1] = (float) side[i / PLANE];
        }
        scene.add("side", floats(side), PLANE).add("logits", judge(places, Pass.INFERENCE, false), PLANE, PLANE);
        if (config.latent().size() >= 2) {
            double[] z = between(-LATTICE_REACH, LATTICE_REACH, LATTICE);
            float[] lattice = new float[LATTICE * LATTICE * 2];
            for (int i = 0; i < LATTICE * LATTICE; i++) {
                lattice[2 * i] = (float) z[i % LATTICE];
                lattice[2 * i + 1] = (float) z[i / LATTICE];
            }
            scene.add("manifold", draw(slice(lattice, 2), LATTICE * LATTICE, false), LATTICE, LATTICE, 2);
            sliced(scene, 2);
        }
    }

    /// Says so if only the first numbers of a latent were varied, the others being zero: `[1]`, how many those are.
    private void sliced(SceneWriter scene, int varied) {
        int others = config.latent().size() - varied;
        if (others > 0) {
            scene.add("slice", new float[] {others}, 1);
        }
    }

    /// Latents whose first numbers are in a list, the others and what comes after its end being zero.
    ///
    /// @param across numbers of each that the list has
    private static Latents slice(float[] values, int across) {
        return (z, from) -> {
            long size = z.extent(1);
            for (int i = 0; i < z.size(); i++) {
                long at = (from + i / size) * across + i % size;
                z.set(i, i % size < across && at < values.length ? values[(int) at] : 0);
            }
        };
    }

    /// The sum over an image's channels, `[n, height, width]`.
    private float[] brightness(float[] images) {
        int channels = dataset.shape()[2];
        float[] sums = new float[images.length / channels];
        for (int i = 0; i < images.length; i++) {
            sums[i / channels] += images[i];
        }
        return sums;
    }

    private static double[] between(double low, double high, int places) {
        double[] x = new double[places];
        Arrays.setAll(x, i -> low + (high - low) * i / (places - 1));
        return x;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
