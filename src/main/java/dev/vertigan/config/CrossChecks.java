package dev.vertigan.config;

import dev.vertigan.config.ConfigLoader.Check;
import dev.vertigan.config.ConfigLoader.Problems;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Conditions between settings.
final class CrossChecks {

    static final List<Check> ALL = List.of(
            Check.reading(List.of("generator.optimiser"),
                    (config, problems) -> optimiser("generator.optimiser.", config.generator().optimiser(), problems)),
            Check.reading(List.of("discriminator.optimiser"),
                    (config, problems) -> optimiser("discriminator.optimiser.", config.discriminator().optimiser(), problems)),
            Check.reading(List.of("batch", "shards"), CrossChecks::shards),
            Check.reading(List.of("batch", "shards", "game.pack"), CrossChecks::pack),
            Check.reading(List.of("game.objective", "game.realLabel"), CrossChecks::realLabel),
            Check.reading(List.of("data"), (config, problems) -> data(config.data(), problems)),
            Check.reading(List.of("webhook.url"), (config, problems) -> webhook(config.webhook().url(), problems)),
            Check.reading(List.of("data.name", "generator.init"), CrossChecks::marginals),
            Check.reading(List.of("evaluation"), CrossChecks::patience),
            Check.reading(List.of("discriminator.init"), CrossChecks::outputBias));

    private static final int MOST_COLUMNS = 1024;

    private CrossChecks() {}

    private static void shards(RunConfig config, Problems problems) {
        if (config.batch() % config.shards() != 0) {
            problems.add("shards", String.format(Locale.ROOT, "expected a divisor of batch, %d, found %d", config.batch(), config.shards()));
        }
    }

    private static void pack(RunConfig config, Problems problems) {
        if (config.batch() / config.shards() % config.game().pack() != 0) {
            problems.add("game.pack", String.format(Locale.ROOT, "expected a divisor of batch / shards, %d, found %d",
                    config.batch() / config.shards(), config.game().pack()));
        }
    }

    private static void realLabel(RunConfig config, Problems problems) {
        boolean labelled = switch (config.game().objective()) {
            case NON_SATURATING, MINIMAX, MAXIMUM_LIKELIHOOD, LEAST_SQUARES -> true;
            case WASSERSTEIN, HINGE, RELATIVISTIC, RELATIVISTIC_AVERAGE -> false;
        };
        if (!labelled && config.game().realLabel() != 1) {
            problems.add("game.realLabel", String.format(Locale.ROOT, "expected 1, as the objective %s has no labels, found %s",
                    config.game().objective().written(), config.game().realLabel()));
        }
    }

    private static void patience(RunConfig config, Problems problems) {
        if (config.evaluation().patience() > 0 && config.evaluation().best() == Choice.Best.NONE) {
            problems.add("evaluation.patience", "expected 0, as evaluation.best names no figure that could get better, found "
                    + config.evaluation().patience());
        }
    }

    private static void outputBias(RunConfig config, Problems problems) {
        if (config.discriminator().init().outputBias() == Choice.OutputBias.DATA_MARGINALS) {
            problems.add("discriminator.init.outputBias", "expected zero, found data-marginals, which only the generator's samples have");
        }
    }

    private static void marginals(RunConfig config, Problems problems) {
        if (config.data().name() == Choice.DataSet.STREAM && config.generator().init().outputBias() == Choice.OutputBias.DATA_MARGINALS) {
            problems.add("generator.init.outputBias", "expected zero for a stream, which has no mean before it comes, found data-marginals");
        }
    }

    private static void optimiser(String prefix, RunConfig.Optimiser optimiser, Problems problems) {
        if (!optimiser.rate().isConstant()) {
            if (optimiser.rateDecay() != 1) {
                problems.add(prefix + "rateDecay",
                        String.format(Locale.ROOT, "expected 1, as the rate has a schedule, found %s", optimiser.rateDecay()));
            }
        } else if (optimiser.minRate() > optimiser.rate().start()) {
            problems.add(prefix + "minRate",
                    String.format(Locale.ROOT, "expected at most the rate, %s, found %s", optimiser.rate(), optimiser.minRate()));
        }
    }

    /// What was found is not shown: such an address is a secret.
    private static void webhook(String url, Problems problems) {
        try {
            var parts = new URI(url);
            if (!url.isEmpty() && (parts.getHost() == null || !List.of("http", "https").contains(parts.getScheme()))) {
                problems.add("webhook.url", "expected an address like https://example.org/hook, found another text");
            }
        } catch (URISyntaxException e) {
            problems.add("webhook.url", "expected an address like https://example.org/hook, found a character that is none of one");
        }
    }

    private static void data(RunConfig.Data data, Problems problems) {
        if (data.name() == Choice.DataSet.IMAGES && data.dir().isBlank()) {
            problems.add("data.dir", "expected the folder of the images, or a .zip archive of it, found none; name it with --data-dir");
        }
        if (Set.of(Choice.DataSet.DRAWING, Choice.DataSet.ARRAY, Choice.DataSet.TABLE).contains(data.name()) && data.dir().isBlank()) {
            problems.add("data.dir", "expected the file of the data, found none; name it with --data-dir");
        }
        int columns = data.columnNames().size();
        if (columns > MOST_COLUMNS || data.name() == Choice.DataSet.TABLE && columns == 0) {
            problems.add("data.columns", String.format(Locale.ROOT, "expected 1 to %,d columns, as in \"height, weight\", found %,d", MOST_COLUMNS,
                    columns));
        }
        if (data.columnNames().stream().distinct().count() < columns) {
            problems.add("data.columns", "expected each column once, found one twice in \"" + data.columns() + "\"");
        }
        long side = Math.round(Math.sqrt(data.modes()));
        if (data.name() == Choice.DataSet.GRID && side * side != data.modes()) {
            problems.add("data.modes", String.format(Locale.ROOT, "expected a square, as 25, for a grid, found %d", data.modes()));
        }
    }
}
