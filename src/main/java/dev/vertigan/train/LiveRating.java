package dev.vertigan.train;

import dev.vertigan.bus.StateRequest.Opponents;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.BatchOrder;
import dev.vertigan.data.Dataset;
import dev.vertigan.evaluation.Patience;
import dev.vertigan.evaluation.Tournament;
import dev.vertigan.game.Classes;
import dev.vertigan.game.Latents;
import dev.vertigan.game.PlayerState;
import dev.vertigan.game.Sampler;
import dev.vertigan.game.SavedDiscriminator;
import dev.vertigan.nn.Shape;
import dev.vertigan.nn.Size;
import dev.vertigan.run.RunReader;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.Metric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether G still gets better, by the run's own players: the present ones and those of its last checkpoints meet, each discriminator each
/// generator, and are rated by how often it is deceived (Olsson et al. 2018; see [Tournament]). Generators are averages of their weights, as
/// samples are drawn with. Two checkpoints meet once. Not thread-safe.
public final class LiveRating {

    private static final Logger LOG = LoggerFactory.getLogger(LiveRating.class);
    private static final int SAMPLES = 1_000; // of each kind in a match
    private static final int PIECE = 64;
    private static final long SEED = 11; // of the order that reals are taken in

    private final Path run;
    private final RunConfig config;
    private final Supplier<Dataset> data;
    private final int most;
    private final Sampler generator;
    private final SavedDiscriminator discriminator;
    private final Latents latents;
    private final SortedMap<Long, Rival> rivals = new TreeMap<>(); // by step
    private final Map<Match, Double> wins = new HashMap<>(); // of the generator, among checkpoints
    private Optional<Reals> reals = Optional.empty(); // that all these were judged beside
    private int branch;

    /// @param real its logits of reals, `[SAMPLES]`
    /// @param fakes its generator's samples, `[SAMPLES, features]`
    private record Rival(Tensor weights, Tensor statistics, float[] real, float[] fakes) {}

    /// By steps.
    private record Match(long discriminator, long generator) {}

    /// @param samples `[SAMPLES, features]`
    private record Reals(Dataset of, float[] samples) {}

    private LiveRating(Path run, RunConfig config, Supplier<Dataset> data, Kernels kernels) {
        this.run = run;
        this.config = config;
        this.data = data;
        most = config.evaluation().rating();
        var sample = Shape.of(data.get().shape());
        generator = Sampler.ofFixedLatents(config, sample, 0, kernels);
        discriminator = new SavedDiscriminator(config, sample, kernels);
        latents = Latents.drawn(config, config.seed());
    }

    /// @param run its folder, only read
    /// @param data as they are now
    /// @return empty if it is not wanted, or [cannot be][#possible]
    public static Optional<LiveRating> of(Path run, RunConfig config, Supplier<Dataset> data, Kernels kernels) {
        return possible(config) ? Optional.of(new LiveRating(run, config, data, kernels)) : Optional.empty();
    }

    /// Whether it is wanted, and D judges samples one by one.
    static boolean possible(RunConfig config) {
        return config.evaluation().rating() > 0 && SavedDiscriminator.possible(config);
    }

    /// What it holds at once at most: what every checkpoint's players are kept by, reals, the players as they are, networks to draw and to judge
    /// with, and one checkpoint as it is read.
    ///
    /// @param g G's size
    /// @param d D's size
    /// @param sample a sample's shape
    public static double bytes(RunConfig config, Size g, Size d, Shape sample) {
        if (!possible(config) || config.evaluation().share() == 0) {
            return 0;
        }
        double samples = (double) SAMPLES * sample.size();
        double rivals = config.evaluation().rating() * (d.parameters() + SAMPLES + samples);
        double networks = 2.0 * (g.parameters() + d.parameters()) + PIECE * (g.values() + d.values());
        double read = 4.0 * g.parameters() + 3.0 * d.parameters(); // weights, two moments, G's average
        return Float.BYTES * (rivals + 2 * samples + networks + read);
    }

    /// Of the present players, after `step` turns; nothing where there is no checkpoint before them.
    ///
    /// @param present G as samples are drawn with it
    Map<Metric, Double> figures(long step, Sampler present, Opponents opponents, Patience patience) {
        var now = data.get();
        if (now.size() == 0) {
            return Map.of();
        }
        if (opponents.game().branch() != branch || reals.filter(known -> known.of.equals(now)).isEmpty()) {
            branch = opponents.game().branch();
            rivals.clear();
            wins.clear();
            reals = Optional.of(new Reals(now, read(now, patience)));
        }
        try {
            meet(lastBefore(step), patience);
        } catch (UserError e) { // a checkpoint that was listed may be gone
            LOG.debug("checkpoints are not rated this time: {}", e.getMessage());
            return Map.of();
        }
        return rivals.isEmpty() ? Map.of() : Map.of(Metric.RATING_GAIN, gain(drawn(present, patience), opponents, patience));
    }

    private static float[] read(Dataset data, Patience patience) {
        float[] samples = new float[SAMPLES * data.features()];
        for (int done = 0; done < SAMPLES; done += PIECE) {
            patience.check();
            float[] piece = data.read(order(data), done, Math.min(PIECE, SAMPLES - done));
            System.arraycopy(piece, 0, samples, done * data.features(), piece.length);
        }
        return samples;
    }

    private SortedSet<Long> lastBefore(long step) {
        var steps = new ArrayList<>(RunReader.checkpointSteps(run).headSet(step));
        steps.remove(0L); // D has learned nothing there
        return new TreeSet<>(steps.subList(Math.max(0, steps.size() - most), steps.size()));
    }

    /// Has these checkpoints' players meet, and forgets others.
    private void meet(SortedSet<Long> steps, Patience patience) {
        rivals.keySet().retainAll(steps);
        wins.keySet().removeIf(match -> !steps.contains(match.discriminator) || !steps.contains(match.generator));
        for (long step : steps) {
            if (!rivals.containsKey(step)) {
                rivals.put(step, rival(step, patience));
            }
        }
        rivals.forEach((judging, judge) -> {
            var strangers = rivals.keySet().stream().map(judged -> new Match(judging, judged)).filter(match -> !wins.containsKey(match)).toList();
            if (!strangers.isEmpty()) {
                discriminator.load(judge.weights, judge.statistics);
                strangers.forEach(match -> wins.put(match,
                        Tournament.wins(judge.real, ofFakes(Objects.requireNonNull(rivals.get(match.generator)).fakes, patience))));
            }
        });
    }

    private Rival rival(long step, Patience patience) {
        var state = new PlayerState(step, RunReader.at(run, step).tensors());
        generator.load(state, true);
        discriminator.load(state);
        var network = discriminator.network();
        return new Rival(network.weights().flat().copy(), network.statistics().flat().copy(), ofReals(patience), drawn(generator, patience));
    }

    private float[] drawn(Sampler sampler, Patience patience) {
        int features = data.get().features();
        float[] samples = new float[SAMPLES * features];
        for (int done = 0; done < SAMPLES; done += PIECE) {
            patience.check();
            float[] piece = sampler.draw(latents, done, Math.min(PIECE, SAMPLES - done));
            System.arraycopy(piece, 0, samples, done * features, piece.length);
        }
        return samples;
    }

    /// Numbers kept of checkpoints' players.
    long held() {
        return rivals.values().stream().mapToLong(rival -> rival.weights.size() + rival.real.length + rival.fakes.length).sum();
    }

    private double gain(float[] fakes, Opponents opponents, Patience patience) {
        var judges = List.copyOf(rivals.values());
        var steps = List.copyOf(rivals.keySet());
        int n = judges.size();
        double[][] shares = new double[n + 1][n + 1];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                shares[i][j] = wins.getOrDefault(new Match(steps.get(i), steps.get(j)), Double.NaN);
            }
            discriminator.load(judges.get(i).weights, judges.get(i).statistics);
            shares[i][n] = Tournament.wins(judges.get(i).real, ofFakes(fakes, patience));
        }
        discriminator.load(opponents.discriminator().weights(), opponents.discriminator().statistics());
        float[] real = ofReals(patience);
        for (int j = 0; j <= n; j++) {
            shares[n][j] = Tournament.wins(real, ofFakes(j == n ? fakes : judges.get(j).fakes, patience));
        }
        double[] ratings = Tournament.of(shares, SAMPLES).generators();
        return ratings[n] - Arrays.stream(ratings, 0, n).average().orElseThrow();
    }

    private float[] ofReals(Patience patience) {
        var known = reals.orElseThrow();
        return logits(known.samples, i -> known.of.label(order(known.of).index(i)), patience);
    }

    private float[] ofFakes(float[] samples, Patience patience) {
        int classes = Classes.of(config);
        return logits(samples, i -> i % classes, patience);
    }

    private static BatchOrder order(Dataset data) {
        return new BatchOrder(SEED, data.size());
    }

    private float[] logits(float[] samples, IntUnaryOperator classOf, Patience patience) {
        int features = samples.length / SAMPLES;
        float[] logits = new float[SAMPLES];
        for (int done = 0; done < SAMPLES; done += PIECE) {
            patience.check();
            int first = done;
            int count = Math.min(PIECE, SAMPLES - done);
            float[] some = discriminator.logits(Arrays.copyOfRange(samples, done * features, (done + count) * features),
                    i -> classOf.applyAsInt(first + i));
            System.arraycopy(some, 0, logits, done, count);
        }
        return logits;
    }
}
