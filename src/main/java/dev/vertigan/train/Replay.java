package dev.vertigan.train;

import dev.vertigan.bus.StateRequest.State;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Form;
import dev.vertigan.game.Classes;
import dev.vertigan.game.NonFinite;
import dev.vertigan.game.PlainGame;
import dev.vertigan.game.PlayerState;
import dev.vertigan.game.Portrait;
import dev.vertigan.game.Sampler;
import dev.vertigan.nn.Shape;
import dev.vertigan.picture.Pictures;
import dev.vertigan.run.Checkpoint;
import dev.vertigan.run.Journal;
import dev.vertigan.run.Parent;
import dev.vertigan.run.RunReader;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Picture;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongPredicate;

/// A run's past, visited: a second game that goes to any step from the nearest checkpoint before it. It reads the run's folder, which a
/// trainer may be writing meanwhile, and writes nothing.
///
/// A turn is a pure function of the configuration and its edits, the seed, the step, the data, and what computes: so the state after a step
/// is the run's own, bit for bit, unless [#notices] says otherwise. It takes as much memory as the run's game. Not thread-safe.
public final class Replay {

    private final Path run;
    private final Dataset dataset;
    private final Kernels kernels;
    private final Origin origin;
    private List<Journal.Entry> journal = List.of();
    private Edits edits;
    private Optional<PlainGame> game = Optional.empty();
    private RunConfig playing; // the game's configuration
    private Optional<Sampler> sampler = Optional.empty();
    private long departed; // the step of the checkpoint that all since was played from, or 0

    /// Follows a replay, and may end it.
    public interface Watch {

        /// Lets it play to its end.
        Watch NONE = _ -> true;

        /// Called before each turn.
        ///
        /// @return whether to go on
        boolean goesOn(Way way);
    }

    /// How far a replay is.
    ///
    /// @param from the step it began at
    /// @param at turns completed
    /// @param to the step it goes to
    /// @param nanos since it began
    public record Way(long from, long at, long to, long nanos) {

        /// Estimated, once a turn was played.
        public Optional<Double> secondsLeft() {
            return at == from ? Optional.empty() : Optional.of(nanos / 1e9 / (at - from) * (to - at));
        }
    }

    /// @param run the run's folder
    /// @param dataset of the run; only read, so that it may be in use elsewhere
    /// @param kernels used by nobody else meanwhile; closed by the caller, after the last use of this
    /// @throws UserError if the folder cannot be read
    public Replay(Path run, Dataset dataset, Kernels kernels) {
        this.run = run;
        this.dataset = RunReader.attached(run, dataset);
        this.kernels = kernels;
        playing = config(run);
        origin = Origin.of(playing, kernels, this.dataset);
        edits = new Edits(playing);
    }

    /// The configuration in a run's folder.
    ///
    /// @throws UserError if it cannot be read
    public static RunConfig config(Path run) {
        return new ConfigLoader().read(RunReader.config(run), run.resolve("config.json").toString(), List.of());
    }

    /// The configuration that ruled the turn which brought a run to a step: as it was begun, with what was edited before.
    ///
    /// @throws UserError if the run's folder cannot be read
    public static RunConfig config(Path run, long step) {
        return Edits.of(config(run), RunReader.journal(run)).after(step - 1);
    }

    /// Goes to the state after a step of the run as it stands now.
    ///
    /// @return whether it got there, and was not ended on the way; if not it is somewhere between
    /// @throws UserError if there is no way there: the run begins later, its folder cannot be read, or a number was not finite
    public boolean to(long step, Watch watch) {
        return to(step, step, watch, _ -> false, (_, _) -> {});
    }

    /// The same, and measures some of the turns on the way.
    ///
    /// @param from where it begins at the latest
    /// @param measured whether what brings the run to a step is to be measured
    /// @param figures takes what a report of that step would say
    boolean to(long step, long from, Watch watch, LongPredicate measured, BiConsumer<Long, Map<Metric, Double>> figures) {
        readJournal();
        long start = depart(Math.min(step, from));
        long began = System.nanoTime();
        try {
            for (long at = start; at < step; at++) {
                if (!watch.goesOn(new Way(start, at, step, System.nanoTime() - began))) {
                    return false;
                }
                if (at == start || edits.at(at)) {
                    obey(edits.after(at));
                }
                if (measured.test(at + 1)) {
                    figures.accept(at + 1, game().playMeasured());
                } else {
                    game().play(1);
                }
            }
        } catch (NonFinite e) {
            game = Optional.empty();
            throw new UserError(String.format(Locale.ROOT, "%s: no state after step %d, as in the run itself: %s", run, step, e.getMessage()), e);
        }
        return true;
    }

    /// Plays one more turn and says what a report of it would.
    public Map<Metric, Double> turn() {
        obey(edits.after(game().step()));
        return game().playMeasured();
    }

    private PlainGame game() {
        return game.orElseThrow(() -> new IllegalStateException("a replay goes to a step first"));
    }

    /// What was played so far may be of a branch that the run has left since.
    private void readJournal() {
        var now = RunReader.journal(run);
        var edited = Edits.of(config(run), now);
        long here = game.map(PlainGame::step).orElse(0L);
        if (now.size() < journal.size() || !edited.agreesUpTo(here, edits)) {
            game = Optional.empty();
        }
        journal = now;
        edits = edited;
    }

    /// Puts the game at the best place to go to a step from.
    ///
    /// @return that place
    private long depart(long step) {
        long beginning = journal.stream().filter(entry -> entry.kind() == Journal.Kind.START).mapToLong(Journal.Entry::step).findFirst().orElse(0);
        if (step < beginning) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected a step from %d on, where this run begins, found %d%s", run, beginning, step,
                    Parent.in(journal).map(parent -> "; what was before is in " + parent.now(run)).orElse("")));
        }
        long here = game.map(PlainGame::step).filter(at -> at <= step).orElse(-1L);
        if (here == step || here >= RunReader.checkpointSteps(run).headSet(step + 1).stream().mapToLong(Long::longValue).max().orElse(0)
                && here >= beginning) {
            return here;
        }
        var checkpoint = RunReader.checkpointBefore(run, step);
        if (checkpoint.isPresent()) {
            restore(checkpoint.get());
            return checkpoint.get().step();
        }
        if (beginning > 0) {
            throw new UserError(
                    String.format(Locale.ROOT, "%s: expected its first checkpoint, of step %d, found none that verifies", run, beginning));
        }
        build(edits.after(0));
        departed = 0;
        return 0;
    }

    private void restore(Checkpoint checkpoint) {
        departed = checkpoint.step();
        var state = RunState.of(checkpoint.step(), checkpoint.tensors(), checkpoint.metadata());
        if (game.isEmpty() || !differsOnlyLive(edits.after(checkpoint.step()))) {
            build(edits.after(checkpoint.step()));
        }
        try {
            game().seek(state.step(), state.batches(), new PlayerState(state.generator().updates(), state.generator().tensors()),
                    new PlayerState(state.discriminator().updates(), state.discriminator().tensors()));
        } catch (IllegalArgumentException e) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected a checkpoint of this configuration at step %d, found another: %s", run,
                    checkpoint.step(), e.getMessage()), e);
        }
    }

    /// Whether the game that plays can go on by that configuration.
    private boolean differsOnlyLive(RunConfig now) {
        return playing.live().keySet().containsAll(now.changesFrom(playing).keySet());
    }

    private void build(RunConfig config) {
        playing = config;
        game = Optional.of(new PlainGame(config, dataset, Trainer.marginals(config, dataset), kernels));
        sampler = Optional.empty();
    }

    /// Plays on by that configuration, in another game if the players are others by it.
    private void obey(RunConfig now) {
        if (now.equals(playing)) {
            return;
        }
        if (differsOnlyLive(now)) {
            playing = now;
            game().config(now);
        } else {
            var checkpoint = checkpoint();
            long from = departed;
            build(now);
            restore(checkpoint);
            departed = from;
        }
    }

    /// Whether it went somewhere, and is there.
    boolean isAt(long step) {
        return game.filter(there -> there.step() == step).isPresent();
    }

    /// Turns completed.
    public long step() {
        return game().step();
    }

    /// The configuration that rules the run's next turn, wherever this is.
    public RunConfig latest() {
        readJournal();
        return edits.after(Long.MAX_VALUE);
    }

    /// The configuration that rules the next turn.
    public RunConfig config() {
        return edits.after(step());
    }

    /// The state here, as the run's own checkpoint has it. Its tensors hold until this goes elsewhere.
    public Checkpoint checkpoint() {
        var generator = game().generator();
        var discriminator = game().discriminator();
        var state = new RunState(game().step(), game().batches(), new State(generator.updates(), generator.tensors()),
                new State(discriminator.updates(), discriminator.tensors()));
        var metadata = new HashMap<>(state.metadata());
        metadata.put(Checkpoint.CONFIG_SHA256, playing.hash());
        metadata.put(Checkpoint.BRANCH, Integer.toString(playing.game().branch()));
        return new Checkpoint(state.step(), state.tensors(), metadata);
    }

    /// What G's pictures are drawn with here; it holds until the next call.
    public Portrait portrait() {
        return game().portrait();
    }

    /// Copies G, or its moving average, into room for that of another configuration of the run.
    ///
    /// @param weights flat
    /// @param statistics batch norm's running statistics, flat
    /// @throws UserError if it was of another size here
    void copyGenerator(boolean averaged, Tensor weights, Tensor statistics) {
        var here = portrait();
        if (here.weights().flat().size() != weights.size() || here.statistics().flat().size() != statistics.size()) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected the generator that plays now at step %d, found one of %d parameters there, "
                    + "%d now", run, step(), here.weights().flat().size(), weights.size()));
        }
        game().copyGenerator(averaged, weights, statistics);
    }

    /// The picture that the run draws here.
    public Picture picture() {
        return Pictures.of(Form.of(dataset), samples(), Classes.of(playing), Picture.Source.FAKE, step());
    }

    /// The samples of that picture, `[count, features]`.
    public float[] samples() {
        var drawing = sampler.orElseGet(
                () -> Sampler.ofFixedLatents(playing, Shape.of(dataset.shape()), playing.samples().count(), kernels));
        sampler = Optional.of(drawing);
        var portrait = portrait();
        return drawing.draw(portrait.weights().flat(), portrait.statistics().flat());
    }

    /// The run's folder.
    public Path run() {
        return run;
    }

    /// What a run of that configuration would compute with here.
    Origin origin(RunConfig config) {
        return new Origin(config, origin.kernels(), origin.data());
    }

    /// How the run goes on from here by that configuration, as a fork made here would that has the run's own data.
    ///
    /// @throws UserError if players of that configuration cannot go on from the state here
    public Alternative alternative(RunConfig config) {
        var state = checkpoint();
        try {
            var other = new PlainGame(config, dataset, Trainer.marginals(config, dataset), kernels);
            other.seek(state.step(), game().batches(), game().generator(), game().discriminator());
            return new Alternative(other);
        } catch (IllegalArgumentException e) {
            throw new UserError("expected settings that leave the players' weights, moments and averages their names and shapes, found others: "
                    + e.getMessage() + "; begin a new run with `vertigan train` for these", e);
        }
    }

    /// Why the way here may not have had the run's own bits: other kernels, other data. Empty if it had.
    public List<String> notices() {
        return origin.deviations(journal, departed, step());
    }
}
