package dev.vertigan.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.compute.Backend;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.RunConfig;
import dev.vertigan.evaluation.Evaluation;
import dev.vertigan.evaluation.Features;
import dev.vertigan.game.Latents;
import dev.vertigan.run.RunFolder;
import dev.vertigan.table.TableText;
import dev.vertigan.values.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Measures how good a run's samples are, also while the run goes on.
@Command(name = "evaluate", mixinStandardHelpOptions = true, sortOptions = false, versionProvider = Main.Versions.class,
        description = {"Measures the samples of a run's generator, and real samples beside them.",
            "Points of a mixture: modes covered, high quality, spread, divergences. Images: classes and Fréchet distance, by a small classifier "
                    + "that is trained on the run's data the first time and kept."},
        footerHeading = "%nExamples:%n",
        footer = {
            "  vertigan evaluate runs/2026-11-21-ring",
            "  vertigan evaluate runs/2026-11-21-mnist --step 20000 --json"})
final class EvaluateCommand implements Callable<Integer> {

    private static final JsonMapper JSON = new JsonMapper();

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "The run's folder.")
    private Path run;

    @Mixin
    private ChosenCheckpoint checkpoint;

    @Option(names = "--count", paramLabel = "N",
            description = "Samples (default: 20000 on the line, 2500 in the plane, 10000 images, 26000 of stacked-mnist).")
    private Optional<Integer> count;

    @Option(names = "--seed", paramLabel = "N", description = "Draw other latents than the run's.")
    private Optional<Long> seed;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where the run's data are, if no longer where they were.")
    private Optional<String> dataDir;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--markdown", description = "Print a Markdown table.")
    private boolean markdown;

    EvaluateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        checkpoint.check();
        if (markdown && json) {
            throw new ParameterException(spec.commandLine(), "--markdown, --json: expected one of them, found both");
        }
        count.filter(number -> number < 2).ifPresent(number -> {
            throw new ParameterException(spec.commandLine(), "--count: expected a whole number, 2 or more, found " + number);
        });
        var data = data();
        try (var generator = checkpoint.open(run, console);
                var kernels = Backend.open(generator.config().compute())) {
            var measuring = new Measuring(data, set -> RunFolder.attached(run, set).after(generator.seen()), kernels, console);
            var features = measuring.features();
            var evaluation = measuring.evaluation(count);
            var latents = Latents.drawn(generator.config(), seed.orElse(generator.config().seed()));
            var figures = measuring.measure(evaluation, (first, many) -> generator.draw(latents, first, many));
            if (json) {
                console.line(json(generator, evaluation, figures, features).toPrettyString());
            } else {
                print(generator, evaluation, figures, features);
            }
        }
        return 0;
    }

    private RunConfig.Data data() {
        return Configurations.ofRun(run, dataDir.stream().map(dir -> new Assignment("data.dir", dir, "--data-dir")).toArray(Assignment[]::new))
                .data();
    }

    private void print(OpenGenerator generator, Evaluation evaluation, Map<Metric, Double> figures, Optional<Features> features) {
        console.line(String.format(Locale.ROOT, "%,d samples of step %,d, drawn with %s", evaluation.count(), generator.step(), weights()));
        if (markdown) {
            console.line("");
            table(evaluation, figures).forEach(console::line);
            console.line("");
        } else {
            console.line(String.format(Locale.ROOT, "%-12s %10s %10s", "", "samples", "real"));
            figures.forEach((metric, value) -> console.line(String.format(Locale.ROOT, "%-12s %10s %10s  %s", metric.column(), number(metric, value),
                    number(metric, evaluation.real().getOrDefault(metric, Double.NaN)), metric.help())));
        }
        features.ifPresent(network -> console.line("in " + network.describe()));
    }

    private static List<String> table(Evaluation evaluation, Map<Metric, Double> figures) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("", "samples", "real", ""));
        figures.forEach((metric, value) -> rows.add(List.of(metric.column(), number(metric, value),
                Optional.ofNullable(evaluation.real().get(metric)).map(real -> number(metric, real)).orElse(""), metric.help())));
        return TableText.table(rows);
    }

    private static String number(Metric metric, double value) {
        return metric == Metric.MODES ? String.format(Locale.ROOT, "%.0f", value) : String.format(Locale.ROOT, "%.4f", value);
    }

    private String weights() {
        return checkpoint.raw() ? "the weights themselves" : "the moving average of the weights";
    }

    private ObjectNode json(OpenGenerator generator, Evaluation evaluation, Map<Metric, Double> figures, Optional<Features> features) {
        var tree = JSON.createObjectNode().put("run", run.toString()).put("step", generator.step()).put("weights", checkpoint.raw() ? "raw" : "ema")
                .put("count", evaluation.count());
        features.ifPresent(network -> tree.put("features", network.describe()));
        features.ifPresent(network -> network.accuracy().ifPresent(accuracy -> tree.put("classifierAccuracy", accuracy)));
        var of = tree.putObject("figures");
        figures.forEach((metric, value) -> {
            var figure = of.putObject(metric.column()).put("samples", value);
            Optional.ofNullable(evaluation.real().get(metric)).ifPresent(real -> figure.put("real", real));
        });
        return tree;
    }
}
