package dev.vertigan.game;

import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.nn.Architecture;
import java.util.Locale;
import java.util.Optional;

/// Whether a game knows classes: it does where layers of both players look at them.
public final class Classes {

    private static final String WORDS = "as in "
            + "\"dense 256 classes 10\", \"batch-norm classes 10\" or, in the discriminator, \"output projection 10\"";

    private Classes() {}

    /// How many classes the game knows; 0 = it does not look at them.
    public static int of(RunConfig config) {
        return Architecture.classes(config.generator().layers());
    }

    /// What is wrong if the two players do not know the same classes: a player alone can do nothing with them.
    public static Optional<String> disagreement(RunConfig config) {
        int ofG = of(config);
        int ofD = Architecture.classes(config.discriminator().layers());
        return ofG == ofD ? Optional.empty()
                : Optional.of(
                        String.format(Locale.ROOT, "expected as many classes as in generator.layers, %d, found %d; name them in layers of both, %s",
                                ofG, ofD, WORDS));
    }

    /// @throws UserError if the data have not the classes that the game knows
    public static void check(RunConfig config, Dataset dataset) {
        int classes = of(config);
        if (classes > 0 && classes != dataset.classes()) {
            throw new UserError(String.format(Locale.ROOT, "generator.layers: expected %s, found \"classes %d\"",
                    dataset.classes() == 0 ? "no classes, as " + dataset.name() + " has none: take the words out of both players' layers"
                            : "\"classes " + dataset.classes() + "\", as many as " + dataset.name() + " has",
                    classes));
        }
    }
}
