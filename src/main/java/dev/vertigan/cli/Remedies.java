package dev.vertigan.cli;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.game.NonFinite;
import dev.vertigan.game.PlayerState;
import dev.vertigan.run.RunReader;
import dev.vertigan.train.Fork;
import dev.vertigan.train.Replay;
import dev.vertigan.values.Condition;
import dev.vertigan.values.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// Settings that are tried from before the turn in which a run went wrong, side by side: each plays as many turns from the same state, with the
/// same random numbers, and is measured with the same latents.
final class Remedies {

    private static final String UNCHANGED = "unchanged";

    @Option(names = "--try", paramLabel = "PATH=VALUE[,…]",
            description = {"Settings to try from before that turn; may be repeated, for others. As many turns without them are played beside."})
    private List<String> tried = List.of();

    @Option(names = "--for", paramLabel = "TURNS", defaultValue = "1000",
            description = "How many turns each of them plays (default: ${DEFAULT-VALUE}).")
    private long turns;

    @Option(names = "--keep", paramLabel = "DIR",
            description = "Also makes a fork of each in DIR: try-1, try-2 …; they begin before that turn and come to the same bits.")
    private Optional<Path> keep;

    /// Measures players of a configuration, the same of the same state.
    interface Judge {

        Map<Metric, Double> figures(RunConfig config, PlayerState state);
    }

    /// @param figures after its turns; empty if it could not be played so far
    /// @param failure why not
    record Row(String name, Optional<Map<Metric, Double>> figures, String failure) {}

    /// Looks at what was asked for before anything is played.
    ///
    /// @throws ParameterException if it does not fit
    void check(CommandSpec spec, Path run) {
        if (turns < 1) {
            throw new ParameterException(spec.commandLine(), "--for: expected a number of turns, 1 or more, found " + turns);
        }
        if (keep.isPresent() && tried.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--keep: expected --try as well, as it keeps what that tries");
        }
        String source = run.resolve("config.json").toString();
        String json = RunReader.config(run);
        Main.called(spec, () -> {
            for (int i = 0; i < tried.size(); i++) {
                require(tried.get(i), json, source);
                folder(i).ifPresent(Fork::requireFree);
            }
            return tried;
        });
    }

    boolean none() {
        return tried.isEmpty();
    }

    /// @throws UserError if it is about what no game with the data and kernels of the run can have otherwise, or does not fit
    private static void require(String text, String json, String source) {
        if (Assignment.parseAll("--try", text).stream().anyMatch(each -> each.path().matches("(data|compute)\\b.*"))) {
            throw new UserError(
                    String.format(Locale.ROOT, "--try %s: expected settings of the game alone, as the run's own data and kernels are used; "
                            + "fork the run for others", text));
        }
        with(text, json, source);
    }

    private static RunConfig with(String text, String json, String source) {
        return Configurations.LOADER.read(json, source, Assignment.parseAll("--try", text));
    }

    private Optional<Path> folder(int number) {
        return keep.map(dir -> dir.resolve("try-" + (number + 1)));
    }

    /// Plays all, one after another.
    ///
    /// @param replay before the turn; it stays there
    List<Row> play(Replay replay, Judge judge, Console console) {
        var rows = new ArrayList<Row>();
        rows.add(row(UNCHANGED, replay, replay.config(), judge, console));
        for (int i = 0; i < tried.size(); i++) {
            String text = tried.get(i);
            var config = with(text, replay.config().toJson(), String.format(Locale.ROOT, "%s at step %d", replay.run(), replay.step()));
            folder(i).ifPresent(into -> {
                Fork.make(replay, config, into);
                console.line("fork       " + into);
            });
            rows.add(row(text, replay, config, judge, console));
        }
        return rows;
    }

    private Row row(String name, Replay replay, RunConfig config, Judge judge, Console console) {
        var alternative = replay.alternative(config);
        try {
            alternative.to(replay.step() + turns, new ReplayLine(console, name + ": step"));
            return new Row(name, Optional.of(judge.figures(config, alternative.state())), "");
        } catch (NonFinite e) {
            return new Row(name, Optional.empty(), e.getMessage());
        } finally {
            console.settle();
        }
    }

    /// What was looked for, how many modes, and what says how good samples are.
    ///
    /// @param before figures of the state that all began at
    void tell(List<Row> rows, Map<Metric, Double> before, Condition condition, Console console) {
        var metrics = before.keySet().stream().filter(metric -> metric == condition.metric() || metric == Metric.MODES || metric.ofQuality())
                .toList();
        int width = rows.stream().mapToInt(row -> row.name.length()).max().orElse(0);
        console.line(String.format(Locale.ROOT, "%,d turns from there", turns));
        var head = new StringBuilder(" ".repeat(width));
        metrics.forEach(metric -> head.append(String.format(Locale.ROOT, " %14s", metric.column())));
        console.line(head.toString());
        console.line(line("before", width, metrics, before));
        rows.forEach(row -> console.line(row.figures.map(figures -> line(row.name, width, metrics, figures))
                .orElseGet(() -> padded(row.name, width) + " " + row.failure)));
    }

    private static String line(String name, int width, List<Metric> metrics, Map<Metric, Double> figures) {
        var line = new StringBuilder(padded(name, width));
        metrics.forEach(metric -> line.append(String.format(Locale.ROOT, " %14.4f", figures.getOrDefault(metric, Double.NaN))));
        return line.toString();
    }

    private static String padded(String name, int width) {
        return name + " ".repeat(Math.max(0, width - name.length()));
    }
}
