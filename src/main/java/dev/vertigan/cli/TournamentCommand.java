package dev.vertigan.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vertigan.compute.Backend;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.BatchOrder;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.evaluation.Tournament;
import dev.vertigan.game.Classes;
import dev.vertigan.game.Latents;
import dev.vertigan.game.PlayerState;
import dev.vertigan.game.Sampler;
import dev.vertigan.game.SavedDiscriminator;
import dev.vertigan.nn.Shape;
import dev.vertigan.run.RunFolders;
import dev.vertigan.run.RunReader;
import dev.vertigan.tensor.Kernels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Has the discriminators of some checkpoints judge the generators of all.
@Command(name = "tournament", mixinStandardHelpOptions = true, sortOptions = false, versionProvider = Main.Versions.class,
        description = {
            "Has the discriminators of runs' checkpoints judge the generators of all of them, and rates both.",
            "Says who is better, and whether a run still improves, without any other network (Olsson et al. 2018). Only reads the runs' folders."},
        footerHeading = "%nExamples:%n",
        footer = {
            "  vertigan tournament runs/2026-11-21-ring",
            "  vertigan tournament runs/gentler runs/2026-11-21-ring --checkpoints 4 --json"})
final class TournamentCommand implements Callable<Integer> {

    private static final JsonMapper JSON = new JsonMapper();
    private static final long SEED = 11; // of the order that reals are taken in

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "Runs' folders, trained on the same data.")
    private List<Path> runs;

    @Option(names = "--checkpoints", paramLabel = "N", defaultValue = "8",
            description = "Of each run so many, spread evenly, the newest among them (default: ${DEFAULT-VALUE}).")
    private int most;

    @Option(names = "--count", paramLabel = "N", defaultValue = "2000", description = "Samples in a match (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    /// A checkpoint.
    private record Player(String name, float[] samples, SavedDiscriminator discriminator) {}

    TournamentCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (json) {
            console.aside();
        }
        if (most < 1 || count < 2) {
            throw new ParameterException(spec.commandLine(), String.format(Locale.ROOT,
                    "--checkpoints: expected 1 or more, found %d; --count: expected 2 or more, found %d", most, count));
        }
        var config = Configurations.ofRun(runs.getFirst());
        try (var kernels = Backend.open(config.compute()); var download = new DownloadLine(console)) {
            var dataset = Datasets.open(config.data(), download);
            var players = new ArrayList<Player>();
            var names = RunFolders.names(runs).iterator();
            for (var run : runs) {
                var own = Configurations.ofRun(run);
                if (!own.data().equals(config.data()) || Classes.of(own) != Classes.of(config)) {
                    throw new UserError(
                            String.format(Locale.ROOT, "%s: expected a run on the data and classes of %s, found one of %d classes and %s", run,
                                    runs.getFirst(), Classes.of(own), data(own, config)));
                }
                String name = names.next();
                steps(run).forEach(step -> players.add(player(name, run, step, own, dataset, kernels)));
            }
            tell(players, play(players, RunReader.attached(runs.getFirst(), dataset).after(Long.MAX_VALUE), Classes.of(config)));
        }
        return 0;
    }

    /// A discriminator that has learned nothing yet judges nothing.
    private List<Long> steps(Path run) {
        var steps = RunReader.checkpointSteps(run).stream().filter(step -> step > 0).toList();
        if (steps.isEmpty()) {
            throw new UserError(run + ": expected checkpoints after its first turn, found none");
        }
        int many = Math.min(most, steps.size());
        return IntStream.rangeClosed(1, many).mapToObj(i -> steps.get(i * steps.size() / many - 1)).toList();
    }

    /// The settings of a run's data that another's are unlike, or where its data are.
    private static String data(RunConfig own, RunConfig other) {
        var differences = own.differencesFrom(other).stream().filter(difference -> difference.startsWith("data.")).toList();
        return differences.isEmpty() ? String.format(Locale.ROOT, "data in \"%s\" instead of \"%s\"", own.data().dir(), other.data().dir())
                : String.join(", ", differences);
    }

    private Player player(String name, Path run, long step, RunConfig config, Dataset dataset, Kernels kernels) {
        console.live(String.format(Locale.ROOT, "%s, step %,d draws", run, step));
        var sample = Shape.of(dataset.shape());
        var state = new PlayerState(step, RunReader.at(run, step).tensors());
        try {
            var sampler = Sampler.ofFixedLatents(config, sample, 0, kernels);
            sampler.load(state, true);
            return new Player(name + " " + step, sampler.draw(Latents.drawn(config, config.seed()), 0, count),
                    new SavedDiscriminator(config, sample, state, kernels));
        } catch (IllegalArgumentException e) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected a checkpoint of this configuration at step %d, found another: %s", run, step,
                    e.getMessage()), e);
        }
    }

    /// @param classes that the players know; of a generator's samples number i is of class i mod K
    private Tournament play(List<Player> players, Dataset dataset, int classes) {
        var order = new BatchOrder(SEED, dataset.size());
        float[] reals = dataset.read(order, 0, count);
        var wins = new double[players.size()][players.size()];
        for (int i = 0; i < players.size(); i++) {
            var judge = players.get(i).discriminator;
            console.live(players.get(i).name + " judges");
            float[] real = judge.logits(reals, k -> dataset.label(order.index(k)));
            for (int j = 0; j < players.size(); j++) {
                wins[i][j] = Tournament.wins(real, judge.logits(players.get(j).samples, k -> k % classes));
            }
        }
        console.settle();
        return Tournament.of(wins, count);
    }

    private void tell(List<Player> players, Tournament tournament) {
        if (json) {
            var tree = JSON.createObjectNode().put("count", count);
            var list = tree.putArray("players");
            for (int i = 0; i < players.size(); i++) {
                list.addObject().put("name", players.get(i).name).put("generator", tournament.generators()[i])
                        .put("discriminator", tournament.discriminators()[i]);
            }
            tree.set("wins", JSON.valueToTree(tournament.wins()));
            console.line(tree.toPrettyString());
            return;
        }
        console.line(String.format(Locale.ROOT, "%d samples a match; how often the generator (column) wins against the discriminator (row)", count));
        for (int i = 0; i < players.size(); i++) {
            var line = new StringBuilder(String.format(Locale.ROOT, "%3d", i + 1));
            for (double share : tournament.wins()[i]) {
                line.append(String.format(Locale.ROOT, " %5.3f", share));
            }
            console.line(line.toString());
        }
        console.line(String.format(Locale.ROOT, "%3s %-32s %9s %13s", "", "", "generator", "discriminator"));
        for (int i = 0; i < players.size(); i++) {
            console.line(String.format(Locale.ROOT, "%3d %-32s %9.0f %13.0f", i + 1, players.get(i).name, tournament.generators()[i],
                    tournament.discriminators()[i]));
        }
    }
}
