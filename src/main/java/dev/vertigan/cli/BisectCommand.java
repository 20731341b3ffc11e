package dev.vertigan.cli;

import dev.vertigan.config.RunConfig;
import dev.vertigan.config.Spelling;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Form;
import dev.vertigan.evaluation.Evaluation;
import dev.vertigan.game.Latents;
import dev.vertigan.game.PlayerState;
import dev.vertigan.game.Sampler;
import dev.vertigan.nn.Shape;
import dev.vertigan.run.RunReader;
import dev.vertigan.train.Bisection;
import dev.vertigan.train.Replay;
import dev.vertigan.values.Condition;
import dev.vertigan.values.Metric;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Finds the turn in which a run went wrong.
@Command(name = "bisect", mixinStandardHelpOptions = true, sortOptions = false, versionProvider = Main.Versions.class,
        description = {"Finds the turn in which a run went wrong.",
            "Evaluates the checkpoints that are kept, then plays again from the last good one and evaluates after every turn, always with the same "
                    + "latents. Only reads the run's folder. It can try other settings from before that turn, side by side."},
        footerHeading = "%nExamples:%n",
        footer = {
            "  vertigan bisect runs/2026-11-21-ring --when \"modes < 6\"",
            "  vertigan bisect runs/2026-11-21-ring --when \"highQuality < 0.5\" --from 2000 --out collapse",
            "  vertigan bisect runs/2026-11-21-ring --when \"modes < 6\" \\",
            "      --try game.objective=relativistic,game.penalty.r1=1 --try generator.optimiser.rate=1e-4",
            "",
            "Metrics are those that `vertigan evaluate RUN --json` prints."})
final class BisectCommand implements Callable<Integer> {

    private static final int NOT_FOUND = 1;

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Visit visit;

    @Option(names = "--when", paramLabel = "CONDITION", required = true, description = "What went wrong: a metric, <, <=, > or >=, and a number.")
    private String when;

    @Option(names = "--from", paramLabel = "STEP", defaultValue = "0", description = "Where to begin to search (default: ${DEFAULT-VALUE}).")
    private long from;

    @Option(names = "--to", paramLabel = "STEP", description = "Where to end (default: the newest checkpoint).")
    private Optional<Long> to;

    @Option(names = "--count", paramLabel = "N", defaultValue = "2500", description = "Samples in an evaluation (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--out", paramLabel = "NAME", converter = OutputFile.class,
            description = "Where to draw the samples: NAME-before.png and NAME-after.png.")
    private Optional<Path> out;

    @Mixin
    private Remedies remedies;

    BisectCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        var condition = Condition.read(when).orElseThrow(() -> new ParameterException(spec.commandLine(), String.format(Locale.ROOT,
                "--when: expected a metric, <, <=, > or >=, and a number, as in \"modes < 6\", found \"%s\"%s", when, metricMeant())));
        ReplayCommand.requireStep(spec, "--from", from);
        to.filter(step -> step < from).ifPresent(step -> {
            throw new ParameterException(spec.commandLine(), String.format(Locale.ROOT, "--to: expected a step from --from, %d, on, found %d", from,
                    step));
        });
        if (count < 2) {
            throw new ParameterException(spec.commandLine(), "--count: expected a whole number, 2 or more, found " + count);
        }
        remedies.check(spec, visit.run());
        try (var visited = visit.open(spec, console)) {
            var measuring = new Measuring(visited.config(), data -> RunReader.attached(visited.replay().run(), data).after(Long.MAX_VALUE),
                    visited.kernels(), console);
            var judge = new Judge(visited, measuring, measuring.evaluation(Optional.of(count)));
            judge.require(condition);
            var found = search(judge, condition);
            found.ifPresentOrElse(turn -> tell(judge, turn, condition), () -> console.error(String.format(Locale.ROOT,
                    "%s: expected %s at some kept checkpoint after one where it is not so, found none", visit.run(), condition)));
            return found.isPresent() ? 0 : NOT_FOUND;
        }
    }

    /// What is added where the metric may be misspelt.
    private String metricMeant() {
        var known = Arrays.stream(Metric.values()).map(Metric::column).toList();
        String word = when.strip().split("\\W", 2)[0];
        return known.contains(word) ? "" : Spelling.hint(word, known);
    }

    private Optional<Bisection.Found> search(Judge judge, Condition condition) {
        var replay = judge.visited.replay();
        var sampler = judge.sampler(judge.visited.config());
        var found = new Bisection(replay, here -> judge.figures(here.config(), new PlayerState(here.step(), here.checkpoint().tensors()), sampler),
                condition).find(from, to.orElse(Long.MAX_VALUE - 1),
                        (step, so) -> console.live(String.format(Locale.ROOT, "step %,d: %s%s", step, so ? "" : "not ", condition)));
        console.settle();
        replay.notices().forEach(console::error);
        return found;
    }

    /// Measures states of one run, with the same latents every time.
    private record Judge(Visit.Visited visited, Measuring measuring, Evaluation evaluation) {

        void require(Condition condition) {
            if (!evaluation.real().containsKey(condition.metric())) {
                throw new UserError(String.format(Locale.ROOT, "--when: expected one of %s, which are evaluated of these data, found %s",
                        evaluation.real().keySet().stream().map(Metric::column).collect(Collectors.joining(", ")), condition.metric().column()));
            }
        }

        Sampler sampler(RunConfig config) {
            return Sampler.ofFixedLatents(config, Shape.of(Form.of(config.data()).shape()), 0, visited.kernels());
        }

        Map<Metric, Double> figures(RunConfig config, PlayerState state, Sampler sampler) {
            sampler.load(state, true);
            var latents = Latents.drawn(config, visited.config().seed());
            return measuring.measure(evaluation, Measuring.Source.of(sampler, latents, 0));
        }
    }

    private void tell(Judge judge, Bisection.Found found, Condition condition) {
        var visited = judge.visited;
        console.line(String.format(Locale.ROOT, "turn %d", found.turn()));
        console.line(String.format(Locale.ROOT, "%-14s %12s %12s", "", "before", "after"));
        found.before().forEach((metric, value) -> console.line(String.format(Locale.ROOT, "%-14s %12.4f %12.4f", metric.column(), value,
                Objects.requireNonNull(found.after().get(metric)))));
        var replay = visited.replay();
        replay.to(found.turn() - 1, Replay.Watch.NONE);
        out.ifPresent(name -> ReplayCommand.draw(name.resolveSibling(name.getFileName() + "-before.png"), visited, console));
        var rows = remedies.none() ? List.<Remedies.Row>of()
                : remedies.play(replay, (config, state) -> judge.figures(config, state, judge.sampler(config)), console);
        console.line("in that turn");
        replay.turn().forEach((metric, value) -> console.line(String.format(Locale.ROOT, "%-14s %12.4g", metric.column(), value)));
        out.ifPresent(name -> ReplayCommand.draw(name.resolveSibling(name.getFileName() + "-after.png"), visited, console));
        if (remedies.none()) {
            console.line(String.format(Locale.ROOT, "to try another way from there: vertigan fork %s --at %d --into DIR --set PATH=VALUE, or "
                    + "several side by side here: --try PATH=VALUE --try PATH=VALUE", visit.run(), found.turn() - 1));
        } else {
            remedies.tell(rows, found.before(), condition, console);
        }
    }
}
