package dev.vertigan.cli;

import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.ConfigLoader.Problems;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.game.Discriminator;
import dev.vertigan.game.Generator;
import java.util.List;

/// Configurations whose networks can be built.
final class Configurations {

    private static final int ANY = 1;

    /// Reads configurations, and the networks' layers in them, before the data's shape is known.
    static final ConfigLoader LOADER = new ConfigLoader(List.of(Configurations::checkLayers));

    private Configurations() {}

    private static void checkLayers(RunConfig config, Problems problems) {
        check("generator.layers", () -> Generator.architecture(config, ANY), problems);
        check("discriminator.layers", () -> Discriminator.architecture(config, ANY), problems);
    }

    private static void check(String path, Runnable build, Problems problems) {
        try {
            build.run();
        } catch (IllegalArgumentException e) {
            problems.add(path, e.getMessage());
        }
    }

    /// @throws UserError if the networks do not fit the data
    static void checkShapes(RunConfig config, Dataset dataset) {
        Problems throwing = (path, message) -> {
            throw new UserError("%s: %s (for %s, of %d values a sample)".formatted(path, message, dataset.name(), dataset.features()));
        };
        check("generator.layers", () -> Generator.architecture(config, dataset.features()), throwing);
        check("discriminator.layers", () -> Discriminator.architecture(config, dataset.features()), throwing);
    }
}
