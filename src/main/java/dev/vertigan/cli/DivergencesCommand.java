package dev.vertigan.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.compute.Backend;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Mixture;
import dev.vertigan.table.DivergenceFigure;
import dev.vertigan.table.DivergenceFigure.Fit;
import dev.vertigan.table.DivergenceFigure.Panel;
import dev.vertigan.table.Divergences;
import dev.vertigan.table.Divergences.Gaussian;
import dev.vertigan.table.TableText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Which of two modes a model of one Gaussian takes: by each divergence, and by each game.
@Command(name = "divergences", mixinStandardHelpOptions = true, sortOptions = false, versionProvider = Main.Versions.class,
        description = {"Fits one Gaussian to a mixture of two by several divergences, and has a generator play for it.",
            "The divergences are maximum likelihood (KL), reverse KL and Jensen–Shannon; the generator can make nothing but a Gaussian, x = wz + b, "
                    + "and plays against a discriminator by several objectives. Writes divergences.md, .json and .svg."})
final class DivergencesCommand implements Callable<Integer> {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int LOOK_MILLIS = 200;

    /// On top of the preset `gaussian`; D makes five updates a turn, so that it is near the best one, which is what theory is about.
    private static final List<String> GAME = List.of("generator.layers=output", "latent.size=1", "game.discriminatorSteps=5",
            "generator.optimiser.rate=0.002, constant until 512k, exponential to 2e-5 at 1M",
            "discriminator.optimiser.rate=0.002, constant until 512k, exponential to 2e-5 at 1M", "samples.every=1000");
    private static final String NO_R1 = "game.penalty.r1=0";
    private static final String NO_R2 = "game.penalty.r2=0";
    private static final long STEPS = 4_000;

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Option(names = "--seeds", paramLabel = "N", defaultValue = "3", description = "Runs of each game (default: ${DEFAULT-VALUE}).")
    private int seeds;

    @Option(names = "--steps", paramLabel = "N", defaultValue = "" + STEPS, description = "Turns of a run (default: ${DEFAULT-VALUE}).")
    private long steps;

    @Option(names = "--set", paramLabel = "PATH=VALUE", description = "One setting of all runs, as in data.spread=2; may be repeated.")
    private List<String> settings = List.of();

    @Option(names = "--jobs", paramLabel = "N", defaultValue = "1", description = "Runs at the same time (default: ${DEFAULT-VALUE}).")
    private int jobs;

    @Option(names = "--dir", paramLabel = "DIR", defaultValue = "tables/divergences", description = "Where all goes (default: ${DEFAULT-VALUE}).")
    private Path folder;

    private static final String LIKELIHOOD = "maximum likelihood, KL(p‖q)";
    private static final String REVERSE = "reverse KL(q‖p)";
    private static final String JENSEN_SHANNON = "Jensen–Shannon";

    /// A game: its name, its settings beside the common ones, and the divergence that G would make less by it against the best D, or nearly.
    private record Game(String name, List<String> settings, Optional<String> divergence) {}

    private static final List<Game> GAMES = List.of(
            new Game("minimax", List.of("game.objective=minimax", NO_R1, NO_R2), Optional.of(JENSEN_SHANNON)),
            new Game("non-saturating", List.of("game.objective=non-saturating", NO_R1, NO_R2), Optional.of(REVERSE)),
            new Game("maximum-likelihood", List.of("game.objective=maximum-likelihood", NO_R1, NO_R2), Optional.of(LIKELIHOOD)),
            new Game("relativistic, R1 + R2", List.of("game.objective=relativistic"), Optional.empty()));

    private record Run(Game game, long seed, Path folder, RunConfig config, List<String> arguments) {}

    private record Row(String name, String seed, Gaussian q) {}

    DivergencesCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (seeds < 1 || steps < 1 || jobs < 1) {
            throw new ParameterException(spec.commandLine(), "--seeds, --steps, --jobs: expected 1 or more");
        }
        var runs = GAMES.stream().flatMap(game -> IntStream.rangeClosed(1, seeds).mapToObj(seed -> run(game, seed))).toList();
        var mixture = Datasets.mixture(runs.getFirst().config.data()).filter(data -> data.features() == 1)
                .orElseThrow(() -> new ParameterException(spec.commandLine(), "expected data on the line, found others"));
        CellRunner.makeFolder(folder);
        new CellRunner(runs.stream().map(run -> new CellRunner.Cell(run.folder, steps, run.arguments)).toList(), jobs, LOOK_MILLIS, console).run();
        tell(divergences(mixture), runs);
        return 0;
    }

    private static Divergences divergences(Mixture mixture) {
        return new Divergences(Arrays.stream(mixture.modes().centres()).mapToDouble(centre -> centre[0]).toArray(), mixture.modes().deviation());
    }

    private Run run(Game game, long seed) {
        var all = new ArrayList<>(GAME);
        all.addAll(game.settings);
        all.addAll(settings);
        var arguments = new ArrayList<>(List.of("--preset", "gaussian", "--seed", String.valueOf(seed), "--steps", String.valueOf(steps)));
        all.forEach(setting -> arguments.addAll(List.of("--set", setting)));
        var assignments = new ArrayList<>(all.stream().map(Assignment::parse).toList());
        assignments.add(new Assignment("seed", String.valueOf(seed), "--seed"));
        var config = Main.called(spec, () -> Configurations.LOADER.load("gaussian", Optional.empty(), assignments));
        return new Run(game, seed, folder.resolve(game.name.replaceAll("\\W+", "-") + "-seed-" + seed), config, arguments);
    }

    private void tell(Divergences divergences, List<Run> runs) {
        var fits = new LinkedHashMap<String, Gaussian>();
        fits.put(LIKELIHOOD, divergences.least(divergences::forward));
        fits.put(REVERSE, divergences.least(divergences::reverse));
        fits.put(JENSEN_SHANNON, divergences.least(divergences::jensenShannon));
        var rows = new ArrayList<Row>();
        fits.forEach((name, q) -> rows.add(new Row(name, "", q)));
        var games = new LinkedHashMap<Game, List<Gaussian>>();
        for (var run : runs) {
            fitted(run).ifPresent(q -> {
                rows.add(new Row("GAN, " + run.game.name, String.valueOf(run.seed), q));
                games.computeIfAbsent(run.game, _ -> new ArrayList<>()).add(q);
            });
        }
        Map<String, String> notes;
        try (var kernels = Backend.open(runs.getFirst().config.compute())) {
            notes = Circumstances.notes(kernels);
        }
        String markdown = markdown(divergences, rows, notes);
        Sinks.text(folder.resolve("divergences.md"), markdown);
        Sinks.text(folder.resolve("divergences.json"), json(divergences, rows, notes).toPrettyString() + "\n");
        Sinks.text(folder.resolve("divergences.svg"), DivergenceFigure.svg(divergences, panels(fits, games)));
        markdown.lines().forEach(console::line);
        console.line(String.format(Locale.ROOT, "also in %s: divergences.md, divergences.json, divergences.svg", folder));
    }

    private static List<Panel> panels(Map<String, Gaussian> fits, Map<Game, List<Gaussian>> games) {
        return games.entrySet().stream().map(game -> new Panel(game.getKey().name,
                game.getKey().divergence.map(name -> new Fit(name, Objects.requireNonNull(fits.get(name)))), game.getValue())).toList();
    }

    /// The Gaussian that a generator x = wz + b makes of z from N(0, 1): what it makes of 0 and of 1 tells both numbers.
    private Optional<Gaussian> fitted(Run run) {
        if (!CellProcess.done(run.folder, steps)) {
            return Optional.empty();
        }
        try (var generator = OpenGenerator.open(run.folder, Optional.of(steps), true, console)) {
            float[] x = generator.draw((z, from) -> {
                for (long i = 0; i < z.size(); i++) {
                    z.set(i, from + i);
                }
            }, 0, 2);
            return Optional.of(new Gaussian(x[0], Math.abs(x[1] - x[0])));
        }
    }

    private String markdown(Divergences divergences, List<Row> rows, Map<String, String> notes) {
        var table = new ArrayList<List<String>>();
        table.add(List.of("Fit", "Seed", "Mean", "Deviation", "KL(p‖q)", "KL(q‖p)", "JS"));
        for (var row : rows) {
            table.add(List.of(row.name, row.seed, number(row.q.mean()), number(row.q.deviation()), number(divergences.forward(row.q)),
                    number(divergences.reverse(row.q)), number(divergences.jensenShannon(row.q))));
        }
        var lines = new ArrayList<>(TableText.table(table));
        lines.add("");
        lines.add(TableText.notes(notes));
        return String.join("\n", lines) + "\n";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private ObjectNode json(Divergences divergences, List<Row> rows, Map<String, String> notes) {
        var tree = JSON.createObjectNode().put("table", "divergences").put("steps", steps);
        var told = tree.putObject("notes");
        notes.forEach(told::put);
        var list = tree.putArray("rows");
        for (var row : rows) {
            list.addObject().put("name", row.name).put("seed", row.seed).put("mean", row.q.mean()).put("deviation", row.q.deviation())
                    .put("forwardKl", divergences.forward(row.q)).put("reverseKl", divergences.reverse(row.q))
                    .put("jensenShannon", divergences.jensenShannon(row.q));
        }
        return tree;
    }
}
