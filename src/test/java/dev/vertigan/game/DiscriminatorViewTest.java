package dev.vertigan.game;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.nn.Architecture;
import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Batch;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.nd4j.Nd4jKernels;
import dev.vertigan.values.Metric;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What D sees of samples: augmented, with noise, in packs.
class DiscriminatorViewTest {

    private static final int HEIGHT = 4;
    private static final int WIDTH = 3;
    private static final Shape IMAGE = Shape.of(HEIGHT, WIDTH, 2);
    private static final int FEATURES = 24;
    private static final int BATCH = 8;
    private static final RunConfig.Augmentation ALL = new RunConfig.Augmentation(true, 0.3, 0.5, 1);
    private static final Moment MOMENT = new Moment(3, 0);
    private static final String ALL_OF_IT = "game.augmentation.flip=true game.augmentation.translate=0.3 game.augmentation.cutout=0.5 "
            + "game.augmentation.colour=1 game.instanceNoise=0.1 ";

    private static RunConfig config(String more) {
        return new ConfigLoader().load("ring-2014", Optional.empty(),
                Stream.concat(Stream.of("batch=" + BATCH, "data.scale=symmetric", "discriminator.optimiser.name=sgd"), Arrays.stream(more.split(" ")))
                        .map(setting -> Assignment.parse(setting.replace('_', ' '))).toList());
    }

    private static Tensor random(Kernels kernels, int seed, long... shape) {
        var random = new Random(seed);
        var tensor = kernels.allocate(shape);
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, random.nextGaussian());
        }
        return tensor;
    }

    /// ⟨A x, y⟩ = ⟨x, Aᵀ y⟩ for the linear part of whatever is drawn.
    @Test
    void theAdjointIsExact() {
        var random = new Random(1);
        var augmentation = new Augmentation(ALL, IMAGE, -1);
        var draw = new Draw(5, 7, 9);
        for (int row = 0; row < 50; row++) {
            double[] x = random.doubles(FEATURES).toArray();
            double[] y = random.doubles(FEATURES).toArray();
            double[] seen = x.clone();
            double[] constant = new double[FEATURES];
            double[] back = y.clone();
            augmentation.of(draw, row).apply(seen, HEIGHT, WIDTH, -1);
            augmentation.of(draw, row).apply(constant, HEIGHT, WIDTH, -1);
            augmentation.of(draw, row).applyAdjoint(back, HEIGHT, WIDTH);
            double forward = 0;
            double backward = 0;
            for (int i = 0; i < FEATURES; i++) {
                forward += (seen[i] - constant[i]) * y[i];
                backward += x[i] * back[i];
            }
            assertEquals(forward, backward, 1e-12);
        }
    }

    @Test
    void eachImageIsChangedInAWayOfItsOwnThatItsPlaceDecides() {
        var augmentation = new Augmentation(ALL, IMAGE, 0);
        double[] x = new Random(2).doubles(FEATURES).toArray();
        double[][] seen = new double[20][];
        for (int row = 0; row < seen.length; row++) {
            seen[row] = x.clone();
            augmentation.of(new Draw(5, 7, 9), row).apply(seen[row], HEIGHT, WIDTH, 0);
            double[] again = x.clone();
            augmentation.of(new Draw(5, 7, 9).from(row - row % 4), row % 4).apply(again, HEIGHT, WIDTH, 0);
            assertArrayEquals(seen[row], again, "a row of a shard is the row of the whole");
        }
        assertTrue(Arrays.stream(seen).map(Arrays::toString).distinct().count() > 15);
        double[] none = x.clone();
        new Augmentation(RunConfig.Augmentation.NONE, IMAGE, 0).of(new Draw(5, 7, 9), 3).apply(none, HEIGHT, WIDTH, 0);
        assertArrayEquals(x, none);
    }

    /// G's gradient of the whole loss, through what D sees, against central differences in double precision.
    @ParameterizedTest
    @ValueSource(strings = {"game.pack=1", "game.pack=2", "game.pack=4 shards=2", "game.pack=2 game.objective=relativistic",
        "game.pack=2 game.schedule=simultaneous", "game.pack=2 game.schedule=simultaneous game.penalty.r1=0.1 shards=2"})
    void gsGradientIsThatOfTheLoss(String more) {
        boolean steep = more.contains("penalty");
        var config = config(ALL_OF_IT + more + " discriminator.layers=conv_2_3x3_" + (steep ? "leaky-relu" : "tanh") + ",output");
        try (var kernels = new Nd4jKernels(ElementType.FLOAT64, 1)) {
            var d = new Discriminator(GameRules.of(config, IMAGE, 64), config.discriminator(), config.game(), kernels);
            var reals = Batch.of(random(kernels, 1, BATCH, FEATURES));
            var fakes = random(kernels, 2, BATCH, FEATURES);
            boolean simultaneous = more.contains("simultaneous");
            var gradient = simultaneous
                    ? d.judge(reals, Batch.of(fakes), MOMENT, config.game(), new Discriminator.Wanted(true, true)).orElseThrow().copy()
                    : d.critique(reals, Batch.of(fakes), MOMENT, config.game()).copy();
            DoubleSupplier loss = () -> {
                if (simultaneous) {
                    d.judge(reals, Batch.of(fakes), MOMENT, config.game(), new Discriminator.Wanted(true, true));
                } else {
                    d.critique(reals, Batch.of(fakes), MOMENT, config.game());
                }
                return d.measuredCritique(MOMENT.step()).get(Metric.LOSS_G);
            };
            for (long i = 0; i < fakes.size(); i += 31) {
                assertEquals(slope(fakes, i, loss), gradient.get(i), 1e-7, "at " + i);
            }
        }
    }

    private static double slope(Tensor of, long i, DoubleSupplier loss) {
        double h = 1e-6;
        double value = of.get(i);
        of.set(i, value + h);
        double above = loss.getAsDouble();
        of.set(i, value - h);
        double below = loss.getAsDouble();
        of.set(i, value);
        return (above - below) / (2 * h);
    }

    /// D's gradient of its loss with penalties, on packs, likewise.
    @ParameterizedTest
    @ValueSource(strings = {"game.penalty.r1=0.3 game.penalty.r2=0.1", "game.penalty.gp=2", "game.objective=relativistic shards=2"})
    void dsGradientIsThatOfTheLoss(String more) {
        var config = config(ALL_OF_IT + more + " game.pack=2 discriminator.layers=conv_2_3x3_leaky-relu,output");
        try (var kernels = new Nd4jKernels(ElementType.FLOAT64, 1)) {
            var d = new Discriminator(GameRules.of(config, IMAGE, 64), config.discriminator(), config.game(), kernels);
            var reals = Batch.of(random(kernels, 1, BATCH, FEATURES));
            var fakes = Batch.of(random(kernels, 2, BATCH, FEATURES));
            var gradients = new TreeMap<String, double[]>();
            d.judge(reals, fakes, MOMENT, config.game(), new Discriminator.Wanted(false, true));
            for (int shard = 0; shard < config.shards(); shard++) {
                var lesson = d.emptyLesson();
                d.teach(shard, reals, fakes, MOMENT, config.game(), true, lesson);
                lesson.gradients().views().forEach((name, tensor) -> {
                    var sum = gradients.computeIfAbsent("discriminator." + name, _ -> new double[(int) tensor.size()]);
                    Arrays.setAll(sum, i -> sum[i] + tensor.get(i));
                });
            }
            var state = d.capture();
            var weights = new TreeMap<String, Tensor>();
            state.tensors().forEach((name, tensor) -> weights.put(name, tensor.copy()));
            DoubleSupplier loss = () -> {
                d.restore(new PlayerState(0, weights));
                d.judge(reals, fakes, MOMENT, config.game(), new Discriminator.Wanted(false, true));
                d.learn(MOMENT.step(), config.discriminator().optimiser());
                var measured = d.measured(MOMENT.step());
                return measured.get(Metric.LOSS_D) + measured.getOrDefault(Metric.PENALTY_D, 0.0);
            };
            gradients.forEach((name, gradient) -> {
                for (int i = 0; i < gradient.length; i += 37) {
                    assertEquals(slope(weights.get(name), i, loss), gradient[i], 1e-6, name + " at " + i);
                }
            });
        }
    }

    @Test
    void whatCannotBeSeenSoIsRefused() {
        assertThrows(UserError.class, () -> config("game.pack=3"));
        assertThrows(UserError.class, () -> config("game.pack=8 shards=2"));
        var message = assertThrows(Architecture.Unfit.class, () -> Discriminator.architecture(config("game.augmentation.flip=true"), Shape.of(2)));
        assertTrue(message.problems().toString().contains("images"), message::toString);
        assertThrows(Architecture.Unfit.class,
                () -> Discriminator.architecture(config("game.pack=2 discriminator.layers=output_projection_8"), Shape.of(2)));
    }
}
