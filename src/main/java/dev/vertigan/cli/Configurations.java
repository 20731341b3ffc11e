package dev.vertigan.cli;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.ConfigLoader.Check;
import dev.vertigan.config.ConfigLoader.Problems;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Datasets;
import dev.vertigan.game.Classes;
import dev.vertigan.game.Discriminator;
import dev.vertigan.game.Generator;
import dev.vertigan.game.Sampler;
import dev.vertigan.nn.Architecture;
import dev.vertigan.nn.Shape;
import dev.vertigan.run.RunReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Configurations whose networks can be built for their data.
final class Configurations {

    static final ConfigLoader LOADER = new ConfigLoader(List.of(
            Check.reading(List.of("data", "samples.count"), Configurations::samples),
            Check.reading(List.of("data", "latent", "generator.layers"),
                    (config, problems) -> check("generator.layers", () -> Generator.architecture(config, sample(config)), problems)),
            Check.reading(List.of("data", "discriminator.layers"),
                    (config, problems) -> check("discriminator.layers", () -> Discriminator.architecture(config, sample(config)), problems)),
            Check.reading(List.of("generator.layers", "discriminator.layers"),
                    (config, problems) -> Classes.disagreement(config).ifPresent(problem -> problems.add("discriminator.layers", problem)))));

    private Configurations() {}

    /// The configuration in a run's folder.
    ///
    /// @param changes made to it, for this process alone
    /// @throws UserError if it cannot be read, or they do not fit
    static RunConfig ofRun(Path run, Assignment... changes) {
        return LOADER.read(RunReader.config(run), run.resolve("config.json").toString(), List.of(changes));
    }

    private static Shape sample(RunConfig config) {
        return Shape.of(Datasets.shape(config.data()));
    }

    private static void samples(RunConfig config, Problems problems) {
        var sample = sample(config);
        long most = Sampler.MOST_VALUES / sample.size();
        if (config.samples().count() > most) {
            problems.add("samples.count", String.format(Locale.ROOT, "expected at most %,d samples of %s in a picture, found %,d", most, sample,
                    config.samples().count()));
        }
    }

    private static void check(String path, Runnable build, Problems problems) {
        try {
            build.run();
        } catch (Architecture.Unfit e) {
            e.problems().forEach(problem -> problems.add(path, problem));
        }
    }
}
