package dev.vertigan.game;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.Choice;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.nn.Shape;
import dev.vertigan.tensor.Batch;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A minibatch worked in parts.
class ShardsTest {

    private static final Shape SAMPLE = Shape.of(2);
    private static final String DROPPING = "dense 9 leaky-relu, dropout 0.7, dense 7 leaky-relu, output";
    private static final String NORMALISED = "dense 9, batch-norm leaky-relu, dropout 0.7, output";

    private static RunConfig config(String layers, String... more) {
        return new ConfigLoader().load("ring-2014", Optional.empty(), Stream.concat(Stream.of("batch=16", "data.size=64", "latent.size=3",
                "generator.layers=dense 8 leaky-relu, dropout 0.8, output", "discriminator.layers=" + layers, "generator.optimiser.name=sgd",
                "discriminator.optimiser.name=sgd", "game.instanceNoise=0.1", "generator.optimiser.rate=0.5", "discriminator.optimiser.rate=0.5"),
                Arrays.stream(more)).map(Assignment::parse).toList());
    }

    /// Each replica, on kernels and a thread of its own, works every other shard, the last first.
    @ParameterizedTest
    @CsvSource({"1,false,0,0,0", "2,false,0,0,0", "4,false,0,0,0", "8,false,0,0,0", "2,true,0,0,0", "4,true,0,0,0", "8,true,0,0,0",
        "4,false,0.7,0.3,0", "2,false,0.7,0,0.1", "4,true,0.7,0.3,0"})
    void theBitsAreTheSameInTurnAndAtOnceInAnyOrder(int shards, boolean normalised, double r1, double r2, double gp) throws Exception {
        var config = config(normalised ? NORMALISED : DROPPING, "shards=" + shards, "game.penalty.r1=" + r1, "game.penalty.r2=" + r2,
                "game.penalty.gp=" + gp, "game.penalty.noise=" + (normalised ? 0.1 : 0));
        try (var kernels = simd(); var one = simd(); var other = simd(); var threads = Executors.newFixedThreadPool(2)) {
            var inTurn = new Discriminator(GameRules.of(config, SAMPLE, 64), config.discriminator(), config.game(), kernels);
            var atOnce = new Discriminator(GameRules.of(config, SAMPLE, 64), config.discriminator(), config.game(), kernels);
            var replicas = List.of(new Discriminator(GameRules.of(config, SAMPLE, 64), config.discriminator(), config.game(), one),
                    new Discriminator(GameRules.of(config, SAMPLE, 64), config.discriminator(), config.game(), other));
            for (int step = 1; step <= 3; step++) {
                var moment = new Moment(step, 0);
                var reals = Batch.of(samples(kernels, 1, step));
                var fakes = Batch.of(samples(kernels, 2, step));
                inTurn.judge(reals, fakes, moment, config.game(), new Discriminator.Wanted(false, false));
                inTurn.learn(step, config.discriminator().optimiser());

                var lessons = IntStream.range(0, shards).mapToObj(_ -> atOnce.emptyLesson()).toList();
                replicas.forEach(replica -> replica.restore(atOnce.capture()));
                var working = IntStream.range(0, 2).mapToObj(worker -> threads.submit(() -> {
                    for (int shard = shards - 1; shard >= 0; shard--) {
                        if (shard % 2 == worker) {
                            replicas.get(worker).teach(shard, reals, fakes, moment, config.game(), false, lessons.get(shard));
                        }
                    }
                })).toList();
                for (var done : working) {
                    done.get();
                }
                for (int shard = 0; shard < shards; shard++) {
                    atOnce.take(shard, lessons.get(shard));
                }
                atOnce.learn(step, config.discriminator().optimiser());
                assertBits(inTurn.capture().tensors(), atOnce.capture().tensors());
            }
        }
    }

    /// As for D: each replica generates the whole minibatch and learns from every other shard of it.
    @ParameterizedTest
    @CsvSource({"1,false", "2,false", "8,false", "4,true", "8,true"})
    void soAreTheGenerators(int shards, boolean normalised) throws Exception {
        var config = config(DROPPING, "shards=" + shards, "generator.layers=" + (normalised ? NORMALISED : DROPPING));
        try (var kernels = simd(); var one = simd(); var other = simd(); var threads = Executors.newFixedThreadPool(2)) {
            var inTurn = generator(config, kernels);
            var atOnce = generator(config, kernels);
            var replicas = List.of(generator(config, one), generator(config, other));
            for (int step = 1; step <= 3; step++) {
                var moment = Moment.ofGenerator(0, step);
                var gradient = samples(kernels, 3, step);
                inTurn.generate(moment, Optional.empty());
                inTurn.improve(gradient.copy(), step, config.generator().optimiser(), 0.9);

                var lessons = IntStream.range(0, shards).mapToObj(_ -> atOnce.emptyLesson()).toList();
                replicas.forEach(replica -> replica.restore(atOnce.capture()));
                var working = IntStream.range(0, 2).mapToObj(worker -> threads.submit(() -> {
                    replicas.get(worker).generate(moment, Optional.empty());
                    var mine = gradient.copy();
                    for (int shard = shards - 1; shard >= 0; shard--) {
                        if (shard % 2 == worker) {
                            replicas.get(worker).teach(shard, mine, lessons.get(shard));
                        }
                    }
                })).toList();
                for (var done : working) {
                    done.get();
                }
                for (int shard = 0; shard < shards; shard++) {
                    atOnce.take(shard, lessons.get(shard));
                }
                atOnce.learn(step, config.generator().optimiser(), 0.9);
                assertBits(inTurn.capture().tensors(), atOnce.capture().tensors());
            }
        }
    }

    private static Generator generator(RunConfig config, Kernels kernels) {
        return new Generator(GameRules.of(config, SAMPLE, 64), config.generator(), new double[0], kernels);
    }

    private static Kernels simd() {
        return Backend.open(Choice.Kernels.SIMD, 1);
    }

    private static Tensor samples(Kernels kernels, int stream, long step) {
        var tensor = kernels.allocate(16, 2);
        kernels.normal(tensor, new Draw(5, stream, step));
        return tensor;
    }

    private static void assertBits(SortedMap<String, Tensor> expected, SortedMap<String, Tensor> found) {
        expected.forEach((name, tensor) -> assertEquals(-1, tensor.segment().mismatch(found.get(name).segment()), name));
    }

    /// Noise, masks and latents are those of the whole minibatch, so only the order of sums differs.
    @ParameterizedTest
    @ValueSource(strings = {"game.schedule=alternating", "game.schedule=simultaneous", "game.objective=relativistic",
        "game.penalty.r1=0.3"})
    void anotherNumberOfShardsIsTheSameGameButForRounding(String setting) {
        var whole = played(config(DROPPING, setting));
        for (int shards : new int[] {2, 4, 8}) {
            played(config(DROPPING, setting, "shards=" + shards)).forEach((name, values) -> {
                for (int i = 0; i < values.length; i++) {
                    assertEquals(whole.get(name)[i], values[i], 1e-5, name + "[" + i + "] in " + shards + " shards");
                }
            });
        }
    }

    private static Map<String, double[]> played(RunConfig config) {
        try (var kernels = simd()) {
            var game = new PlainGame(config, Datasets.open(config.data(), Downloads.Progress.NONE), new double[0], kernels);
            game.play(1);
            var values = new TreeMap<String, double[]>();
            game.state().forEach((name, tensor) -> values.put(name, kernels.read(tensor).get()));
            return values;
        }
    }
}
