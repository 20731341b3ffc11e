package dev.vertigan.game;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.Choice;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.nd4j.Nd4jKernels;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Some turns of the game in float64 against [PlainArithmetic], which shares with the product the random numbers, the minibatches and nothing
/// else: its gradients are central differences of the whole loss, from the weights to the mean over the minibatch.
class WholeGameTest {

    private static final int TURNS = 4;

    /// The kernels take rates, moments' decays and the like in single precision.
    private static final double TOLERANCE = 2e-6;

    private static final List<String> SHORT = List.of("discriminator.layers=dense 5 tanh, output");

    private static final List<String> NORMALISED = List.of("discriminator.layers=dense 4 leaky-relu, batch-norm tanh, output",
            "game.realLabel=0.9", "game.instanceNoise=0.1", "game.discriminatorSteps=2", "generator.optimiser.name=adam",
            "discriminator.optimiser.name=adam", "generator.optimiser.beta1=0.5", "generator.optimiser.beta2=0.9",
            "discriminator.optimiser.beta1=0.4", "discriminator.optimiser.beta2=0.99");

    private static final List<String> NOISY = List.of("discriminator.layers=dense 4 leaky-relu, batch-norm tanh, output",
            "game.instanceNoise=0.1", "game.discriminatorSteps=2");

    private static final List<String> SCHEDULED = List.of("discriminator.layers=dense 5 leaky-relu, output", "game.instanceNoise=0.2",
            "game.discriminatorSteps=3", "latent.distribution=uniform", "emaDecay=0.3", "generator.optimiser.rateDecay=1.3",
            "generator.optimiser.minRate=0.03", "discriminator.optimiser.rateDecay=1.2", "discriminator.optimiser.minRate=0.01",
            "discriminator.optimiser.momentum=0.5", "discriminator.optimiser.finalMomentum=0.8", "discriminator.optimiser.momentumEpochs=1.5",
            "generator.optimiser.momentum=0.3", "generator.optimiser.finalMomentum=0.1", "generator.optimiser.momentumEpochs=0");

    private static final List<String> PENALISED = List.of("discriminator.layers=dense 5 leaky-relu, dense 4 leaky-relu, output",
            "game.penalty.r1=0.7", "game.penalty.r2=0.3", "game.instanceNoise=0.1");

    private static final List<String> GRADIENT_PENALISED = List.of("discriminator.layers=dense 5 leaky-relu, dense 4 leaky-relu, output",
            "game.penalty.gp=3, linear to 1 at 20", "game.penalty.r2=0.3, constant until 8, linear to 0 at 9", "game.discriminatorSteps=2",
            "generator.optimiser.clip=0.05",
            "discriminator.optimiser.clip=0.6");

    private static final List<String> APPROXIMATED = List.of("discriminator.layers=dense 4 leaky-relu, batch-norm tanh, output",
            "game.penalty.r1=0.7", "game.penalty.r2=0.3", "game.penalty.noise=0.2", "game.discriminatorSteps=2");

    private static final List<String> BY_IMAGES = List.of("discriminator.layers=dense 5 leaky-relu, output", "game.discriminatorSteps=2",
            "game.instanceNoise=0.2, linear to 0 at 9", "game.penalty.r1=0.7, exponential to 0.01 at 8", "game.penalty.r2=0, linear to 0.5 at 12",
            "generator.optimiser.rate=0.05, constant until 4, cosine to 0.01 at 13", "discriminator.optimiser.rate=0.01, linear to 0.07 at 8",
            "emaHalfLife=0, linear to 16 at 32");

    /// G and D see classes beside their inputs, in batch norm and by projection.
    private static final List<String> CONDITIONAL = List.of("generator.layers=dense 4 classes 8, batch-norm classes 8 tanh, output",
            "discriminator.layers=dense 5 classes 8 leaky-relu, dense 4 leaky-relu, output projection 8", "game.penalty.r1=0.7",
            "game.penalty.gp=0.5",
            "game.penalty.r2=0.3",
            "game.instanceNoise=0.1", "game.discriminatorSteps=2");

    static Stream<List<String>> games() {
        return Choice.written(Choice.Objective.class).stream().flatMap(objective -> Choice.written(Choice.Schedule.class).stream()
                .flatMap(schedule -> variants(objective).map(rest -> game(objective, schedule, rest))));
    }

    private static List<String> game(String objective, String schedule, List<String> rest) {
        return Stream.concat(Stream.of("game.objective=" + objective, "game.schedule=" + schedule), rest.stream()).toList();
    }

    private static Stream<List<String>> variants(String objective) {
        return switch (objective) {
            case "non-saturating", "minimax" -> Stream.of(SHORT, NORMALISED, SCHEDULED, PENALISED, BY_IMAGES, APPROXIMATED, CONDITIONAL);
            // No Adam: a last bias has no gradient here, which it would magnify.
            case "wasserstein", "hinge" -> Stream.of(SHORT, GRADIENT_PENALISED, CONDITIONAL);
            case "relativistic", "relativistic-average" -> Stream.of(SHORT, NOISY, PENALISED, CONDITIONAL);
            default -> Stream.of(SHORT);
        };
    }

    private static RunConfig config(List<String> settings) {
        var common = Stream.of("batch=4", "data.size=16", "latent.size=2", "generator.layers=dense 4 leaky-relu, batch-norm tanh, output",
                "generator.optimiser.name=sgd", "discriminator.optimiser.name=sgd", "generator.optimiser.rate=0.05",
                "discriminator.optimiser.rate=0.07", "emaDecay=0.99");
        return new ConfigLoader().load("ring-2014", Optional.empty(), Stream.concat(common, settings.stream()).map(Assignment::parse).toList());
    }

    @ParameterizedTest
    @MethodSource("games")
    void isPlainArithmetic(List<String> settings) {
        var config = config(settings);
        try (Kernels kernels = new Nd4jKernels(ElementType.FLOAT64, 1)) {
            var dataset = Datasets.open(config.data(), Downloads.Progress.NONE);
            var game = new PlainGame(config, dataset, new double[0], kernels);
            var expected = new PlainArithmetic(config, new Minibatches(dataset, config.seed(), config.batch(), Classes.of(config) > 0),
                    dataset.size(),
                    values(game), kernels);
            for (int turn = 1; turn <= TURNS; turn++) {
                var measured = game.playMeasured();
                expected.play();
                expected.measured().forEach((metric, value) -> assertEquals(value, measured.getOrDefault(metric, 0.0),
                        TOLERANCE * (1 + Math.abs(value)), metric + " of " + expected));
                var found = values(game);
                expected.state().forEach((name, values) -> {
                    for (int i = 0; i < values.length; i++) {
                        assertEquals(values[i], found.get(name)[i], TOLERANCE * (1 + Math.abs(values[i])), name + "[" + i + "] after " + expected);
                    }
                });
                assertEquals(found.keySet(), expected.state().keySet());
            }
        }
    }

    private static TreeMap<String, double[]> values(PlainGame game) {
        var values = new TreeMap<String, double[]>();
        game.state().forEach((name, tensor) -> {
            var copy = new double[(int) tensor.size()];
            Arrays.setAll(copy, tensor::get);
            values.put(name, copy);
        });
        return values;
    }
}
