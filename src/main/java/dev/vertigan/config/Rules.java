package dev.vertigan.config;

import dev.vertigan.config.Rule.Either;
import dev.vertigan.config.Rule.Lines;
import dev.vertigan.config.Rule.OneOf;
import dev.vertigan.config.Rule.Real;
import dev.vertigan.config.Rule.Text;
import dev.vertigan.config.Rule.Whole;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What every setting may be, by its path; the one list of them.
final class Rules {

    private static final double NO_LIMIT = Double.POSITIVE_INFINITY;
    private static final Rule POSITIVE = new Real(0, false, NO_LIMIT, false);
    private static final Rule NOT_NEGATIVE = new Real(0, true, NO_LIMIT, false);
    private static final Rule BELOW_ONE = new Real(0, true, 1, false);
    private static final Rule EVERY = new Whole(1, Integer.MAX_VALUE);

    static final Map<String, Rule> ALL = all();

    /// The settings and the groups they stand in.
    static final Set<String> PATHS = paths();

    private Rules() {}

    private static Set<String> paths() {
        var paths = new TreeSet<String>();
        for (String path : ALL.keySet()) {
            for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
                paths.add(path.substring(0, end));
            }
        }
        return paths;
    }

    private static Map<String, Rule> all() {
        var rules = new LinkedHashMap<String, Rule>();
        rules.put("seed", new Whole(Long.MIN_VALUE, Long.MAX_VALUE));
        rules.put("steps", new Whole(0, Long.MAX_VALUE));
        rules.put("batch", new Whole(1, 65_536));
        rules.put("data.name", OneOf.of(Choice.DataSet.class));
        rules.put("data.dir", new Text(true));
        rules.put("data.size", new Whole(1, 1L << 40));
        rules.put("data.scale", OneOf.of(Choice.Scale.class));
        rules.put("data.extent", new Whole(4, 512));
        rules.put("data.channels", new Either(3, 1));
        rules.put("data.modes", new Whole(1, 65_536));
        rules.put("data.spread", POSITIVE);
        rules.put("data.deviation", POSITIVE);
        rules.put("latent.size", new Whole(1, 65_536));
        rules.put("latent.distribution", OneOf.of(Choice.Distribution.class));
        player(rules, "generator.");
        player(rules, "discriminator.");
        rules.put("emaDecay", BELOW_ONE);
        rules.put("game.objective", OneOf.of(Choice.Objective.class));
        rules.put("game.schedule", OneOf.of(Choice.Schedule.class));
        rules.put("game.discriminatorSteps", new Whole(1, 100));
        rules.put("game.realLabel", new Real(0, false, 1, true));
        rules.put("game.instanceNoise", NOT_NEGATIVE);
        rules.put("report.every", EVERY);
        rules.put("samples.every", EVERY);
        rules.put("samples.count", new Whole(1, 10_000));
        rules.put("checkpoint.every", EVERY);
        rules.put("checkpoint.keep", new Whole(2, 1_000_000));
        rules.put("compute.threads", new Whole(0, 1024));
        rules.put("compute.kernels", OneOf.of(Choice.Kernels.class));
        rules.put("dashboard.host", new Text(false));
        rules.put("dashboard.port", new Whole(0, 65_535));
        rules.put("dashboard.token", new Text(true));
        rules.put("dashboard.tokenFile", new Text(true));
        rules.put("metrics.host", new Text(true));
        rules.put("metrics.port", new Whole(0, 65_535));
        rules.put("log.format", OneOf.of(Choice.LogFormat.class));
        rules.put("log.file", new Text(true));
        rules.put("webhook.url", new Text(true));
        rules.put("webhook.stalledAfter", POSITIVE);
        return Collections.unmodifiableMap(rules);
    }

    private static void player(Map<String, Rule> rules, String of) {
        rules.put(of + "layers", new Lines());
        rules.put(of + "init.weights", OneOf.of(Choice.Weights.class));
        rules.put(of + "init.range", POSITIVE);
        rules.put(of + "init.outputBias", OneOf.of(Choice.OutputBias.class));
        rules.put(of + "optimiser.name", OneOf.of(Choice.Optimiser.class));
        rules.put(of + "optimiser.rate", POSITIVE);
        rules.put(of + "optimiser.rateDecay", new Real(1, true, NO_LIMIT, false));
        rules.put(of + "optimiser.minRate", NOT_NEGATIVE);
        rules.put(of + "optimiser.momentum", BELOW_ONE);
        rules.put(of + "optimiser.finalMomentum", BELOW_ONE);
        rules.put(of + "optimiser.momentumEpochs", NOT_NEGATIVE);
        rules.put(of + "optimiser.beta1", BELOW_ONE);
        rules.put(of + "optimiser.beta2", BELOW_ONE);
        rules.put(of + "optimiser.epsilon", POSITIVE);
    }
}
