package dev.vertigan.cli;

import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.ConfigLoader.Problems;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.game.Discriminator;
import dev.vertigan.game.Generator;
import dev.vertigan.game.Minibatches;
import dev.vertigan.nn.Architecture;
import dev.vertigan.nn.Shape;
import java.util.ArrayList;
import java.util.List;

/// Configurations whose networks can be built.
final class Configurations {

    /// Reads configurations and, where the data's name tells its shape, the networks in them.
    static final ConfigLoader LOADER = new ConfigLoader(List.of((config, problems) -> Datasets.shape(config.data())
            .ifPresent(shape -> check(config, Shape.of(shape), problems))));

    private Configurations() {}

    private static void check(RunConfig config, Shape sample, Problems problems) {
        check("generator.layers", () -> Generator.architecture(config, sample), problems);
        check("discriminator.layers", () -> Discriminator.architecture(config, sample), problems);
    }

    private static void check(String path, Runnable build, Problems problems) {
        try {
            build.run();
        } catch (Architecture.Unfit e) {
            e.problems().forEach(problem -> problems.add(path, problem));
        }
    }

    /// @throws UserError if the networks do not fit the data
    static void checkShapes(RunConfig config, Dataset dataset) {
        var shape = Shape.of(dataset.shape());
        var found = new ArrayList<String>();
        check(config, shape, (path, message) -> found.add(path + ": " + message));
        if (!found.isEmpty()) {
            throw new UserError("the networks do not fit %s, whose samples are %s:\n  %s".formatted(dataset.name(), shape,
                    String.join("\n  ", found)));
        }
    }
}
