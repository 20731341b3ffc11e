package dev.vertigan.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.compute.Backend;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.evaluation.Confusion;
import dev.vertigan.evaluation.Evaluation;
import dev.vertigan.evaluation.Features;
import dev.vertigan.game.Latents;
import dev.vertigan.game.PlayerState;
import dev.vertigan.run.RunReader;
import dev.vertigan.table.TableText;
import dev.vertigan.train.Contest;
import dev.vertigan.train.Replay;
import dev.vertigan.values.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
            "  vertigan evaluate runs/2026-11-21-mnist --step 20000 --json",
            "  vertigan evaluate --prepare --preset mnist"})
final class EvaluateCommand implements Callable<Integer> {

    private static final JsonMapper JSON = new JsonMapper();

    private static final int MOST_CLASSES = 100; // in a printed table

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", arity = "0..1", description = "The run's folder.")
    private Optional<Path> folder;

    @Option(names = "--prepare", description = {"Only make the network ready that images are seen with.",
        "So an evaluation beside the training has it at once. Of RUN, or of --preset for runs to come."})
    private boolean prepare;

    @Option(names = "--preset", paramLabel = "NAME", completionCandidates = TrainCommand.Presets.class,
            description = "With --prepare: the preset that names the data, one of ${COMPLETION-CANDIDATES}.")
    private Optional<String> preset;

    @Mixin
    private ChosenCheckpoint checkpoint;

    @Option(names = "--count", paramLabel = "N",
            description = "Samples (default: 20000 on the line, 2500 in the plane, 10000 images, 26000 of stacked-mnist).")
    private Optional<Integer> count;

    @Option(names = "--sets", paramLabel = "N", defaultValue = "3",
            description = "Sets of samples that are measured, none with a sample of another: figures are their means (default: ${DEFAULT-VALUE}).")
    private int sets;

    @Option(names = "--seed", paramLabel = "N", description = "Draw other latents than the run's.")
    private Optional<Long> seed;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where the run's data are, if no longer where they were.")
    private Optional<String> dataDir;

    @Option(names = "--features", paramLabel = "FILE", description = "ONNX model whose features images are held against each other in, "
            + "if not the run's evaluation.features.")
    private Optional<String> givenFeatures;

    @Mixin
    private PrintedForm form;

    EvaluateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        checkpoint.check();
        form.check();
        count.filter(number -> number < 2).ifPresent(number -> {
            throw new ParameterException(spec.commandLine(), "--count: expected a whole number, 2 or more, found " + number);
        });
        if (sets < 1) {
            throw new ParameterException(spec.commandLine(), "--sets: expected a whole number, 1 or more, found " + sets);
        }
        if (preset.isPresent() && (!prepare || folder.isPresent())) {
            throw new ParameterException(spec.commandLine(), "--preset: expected with --prepare, and without RUN");
        }
        return prepare ? prepared() : evaluated(folder.orElseThrow(
                () -> new ParameterException(spec.commandLine(), "expected a run's folder, found none")));
    }

    private int prepared() {
        var config = folder.isPresent() || preset.isEmpty() ? config(folder.orElseThrow(
                () -> new ParameterException(spec.commandLine(), "--prepare: expected a run's folder or --preset, found neither")))
                : Main.called(spec, () -> Configurations.LOADER.load(preset.get(), Optional.empty(), List.of(elsewhere())));
        try (var kernels = Backend.open(Choice.Kernels.AUTO, 0)) {
            var features = new Measuring(config, set -> folder.map(run -> RunReader.attached(run, set).after(Long.MAX_VALUE)).orElse(set), kernels,
                    console)
                    .features();
            console.settle();
            console.line(features.map(Features::describe).orElse("points are evaluated without a network"));
        }
        return 0;
    }

    private int evaluated(Path run) {
        if (form.json()) {
            console.aside();
        }
        var config = config(run);
        try (var generator = checkpoint.open(run, console);
                var kernels = Backend.open(generator.config().compute())) {
            var measuring = new Measuring(config, set -> RunReader.attached(run, set).after(generator.seen()), kernels, console);
            var features = measuring.features();
            var evaluation = measuring.evaluation(count);
            var latents = Latents.drawn(generator.config(), seed.orElse(generator.config().seed()));
            var figures = new SampleSets();
            for (int set = 0; set < sets; set++) {
                if (sets > 1) {
                    console.live(String.format(Locale.ROOT, "measuring set %d of %d", set + 1, sets));
                }
                var tally = measuring.tally(evaluation, generator.samples(latents, (long) set * evaluation.count()));
                figures.add(tally.figures());
                tally.confusion().ifPresent(figures::add);
            }
            console.settle();
            Contest.of(Replay.config(run, generator.step()), kernels).ifPresent(contest -> figures.add(contest.figures(
                    new PlayerState(generator.step(), RunReader.at(run, generator.step()).tensors()))));
            if (form.json()) {
                console.line(json(run, generator, evaluation, figures, features).toPrettyString());
            } else {
                print(generator, evaluation, figures, features);
            }
        }
        return 0;
    }

    private RunConfig config(Path run) {
        return Configurations.ofRun(run, elsewhere());
    }

    private Assignment[] elsewhere() {
        return Stream.concat(dataDir.stream().map(dir -> new Assignment("data.dir", dir, "--data-dir")),
                givenFeatures.stream().map(file -> new Assignment("evaluation.features", file, "--features"))).toArray(Assignment[]::new);
    }

    private void print(OpenGenerator generator, Evaluation evaluation, SampleSets figures, Optional<Features> features) {
        console.line(String.format(Locale.ROOT, "%,d samples%s of step %,d, drawn with %s", evaluation.count(),
                sets > 1 ? String.format(Locale.ROOT, " in each of %d sets", sets) : "", generator.step(), weights()));
        var rows = rows(evaluation, figures);
        if (form.markdown()) {
            console.line("");
            TableText.table(rows).forEach(console::line);
            console.line("");
        } else {
            rows.forEach(row -> console.line(String.format(Locale.ROOT, "%-17s %10s %9s %10s  %s", row.toArray()).stripTrailing()));
        }
        if (sets > 1) {
            console.line("± is the standard deviation over the sets");
        }
        classes(evaluation, figures);
        features.ifPresent(network -> console.line("in " + network.describe()));
    }

    private void classes(Evaluation evaluation, SampleSets figures) {
        if (figures.confusion().isEmpty()) {
            return;
        }
        var named = figures.confusion().get();
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("class", "recognised", "real", "KL"));
        named.asked().stream().limit(MOST_CLASSES).forEach(asked -> rows.add(List.of(asked.toString(), share(named, asked),
                evaluation.confusion().filter(real -> real.asked().contains(asked)).map(real -> share(real, asked)).orElse(""),
                evaluation.confusion().map(real -> String.format(Locale.ROOT, "%.4f", named.kl(asked, real))).orElse(""))));
        if (form.markdown()) {
            console.line("");
            TableText.table(rows).forEach(console::line);
            console.line("");
        } else {
            rows.forEach(row -> console.line(String.format(Locale.ROOT, "%-6s %10s %10s %10s", row.toArray()).stripTrailing()));
        }
        if (named.asked().size() > MOST_CLASSES) {
            console.line(String.format(Locale.ROOT, "%,d more classes are in --json", named.asked().size() - MOST_CLASSES));
        }
    }

    private static String share(Confusion named, int asked) {
        return String.format(Locale.ROOT, "%.4f", named.recognised(asked));
    }

    private List<List<String>> rows(Evaluation evaluation, SampleSets figures) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of("", "samples", sets > 1 ? "±" : "", "real", ""));
        figures.metrics().forEach(metric -> rows.add(List.of(metric.column(), number(metric, figures.mean(metric)),
                figures.deviation(metric).isPresent() ? String.format(Locale.ROOT, "%.4f", figures.deviation(metric).getAsDouble()) : "",
                Optional.ofNullable(evaluation.real().get(metric)).map(real -> number(metric, real)).orElse(""), metric.help())));
        return rows;
    }

    private static String number(Metric metric, double value) {
        return metric == Metric.MODES && value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.4f", value);
    }

    private String weights() {
        return checkpoint.raw() ? "the weights themselves" : "the moving average of the weights";
    }

    private ObjectNode json(Path run, OpenGenerator generator, Evaluation evaluation, SampleSets figures, Optional<Features> features) {
        var tree = JSON.createObjectNode().put("run", run.toString()).put("step", generator.step()).put("weights", checkpoint.raw() ? "raw" : "ema")
                .put("count", evaluation.count()).put("sets", sets);
        features.ifPresent(network -> tree.put("features", network.describe()));
        features.ifPresent(network -> network.accuracy().ifPresent(accuracy -> tree.put("classifierAccuracy", accuracy)));
        var of = tree.putObject("figures");
        figures.metrics().forEach(metric -> {
            var figure = of.putObject(metric.column()).put("samples", figures.mean(metric));
            figures.deviation(metric).ifPresent(deviation -> figure.put("deviation", deviation));
            Optional.ofNullable(evaluation.real().get(metric)).ifPresent(real -> figure.put("real", real));
        });
        figures.confusion().ifPresent(named -> {
            var classes = tree.putArray("classes");
            named.asked().forEach(asked -> {
                var each = classes.addObject().put("class", asked).put("recognised", named.recognised(asked));
                evaluation.confusion().ifPresent(real -> each.put("kl", named.kl(asked, real)));
            });
        });
        return tree;
    }
}
