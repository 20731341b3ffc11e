package dev.vertigan.game;

import dev.vertigan.config.RunConfig;
import dev.vertigan.nn.Architecture;
import dev.vertigan.nn.Initialiser;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Optimiser;
import dev.vertigan.nn.Parameters;
import dev.vertigan.nn.SpectralNorm;
import dev.vertigan.nn.Trace;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What both players have: a network, how it learns, and a state that can be saved and restored.
///
/// A minibatch is worked in shards. What each teaches is taken in their order, whoever worked it and whenever, so the bits are the same.
final class Player {

    private static final int GRADIENT = 0; // places in the squares
    private static final int UPDATE = 1;
    private static final int WEIGHT = 2;

    private final String name;
    private final Network network;
    private final Kernels kernels;
    private final Optimiser optimiser;
    private final Optional<SpectralNorm> spectralNorm;
    private final LearningSchedule schedule;
    private final int passes; // a shard's that batch norm learns from
    private final Lesson lesson; // of the first shard, then of all
    private final List<Lesson> others = new ArrayList<>(1); // one for the other shards, if there are any
    private final Tensor squares; // float64 [3]
    private final Map<String, Parameters> banks = new LinkedHashMap<>(); // prefix → live numbers
    private final Map<String, Parameters> snapshots = new LinkedHashMap<>(); // the same prefixes; a capture's copies
    private final SortedMap<String, Tensor> captured = new TreeMap<>(); // views of the snapshots by full name
    private final Map<Portrait.Use, Portrait> leased = new EnumMap<>(Portrait.Use.class);
    private Optional<Probe> probe = Optional.empty(); // until someone looks
    private long probedAt; // updates made then
    private long updates;

    /// @param passes how many passes over a shard batch norm learns from and a lesson keeps apart
    Player(String name, Network network, RunConfig.Player config, LearningSchedule schedule, int passes, Kernels kernels) {
        this.name = name;
        this.network = network;
        this.kernels = kernels;
        this.schedule = schedule;
        this.passes = passes;
        lesson = emptyLesson();
        squares = kernels.sums(WEIGHT + 1);
        var weights = network.weights();
        optimiser = switch (config.optimiser().name()) {
            case SGD -> new Optimiser.Momentum(kernels, weights.alike(kernels));
            case ADAM -> new Optimiser.Adam(kernels, weights.alike(kernels), weights.alike(kernels));
        };
        keep("", weights);
        spectralNorm = config.spectralNorm() ? Optional.of(new SpectralNorm(network, kernels)) : Optional.empty();
        spectralNorm.ifPresent(norm -> {
            keep("spectral.", norm.weights());
            keep("spectral.", "spectral.directions", norm.directions());
        });
        keep("", "statistics", network.statistics());
        optimiser.moments().forEach((kind, moment) -> keep(kind + ".", moment));
    }

    /// The network a config describes, its weights as the seed has them.
    static Network network(long seed, RunConfig.Player player, Architecture architecture, Kernels kernels, int weights, int dropout) {
        var network = new Network(architecture, kernels, seed, dropout);
        var initialiser = switch (player.init().weights()) {
            case HE -> new Initialiser.He();
            case UNIFORM -> new Initialiser.Uniform(player.init().range());
            case NORMAL -> new Initialiser.Normal(player.init().range());
        };
        initialiser.fill(network, seed, weights);
        return network;
    }

    /// Adds numbers to the state that is saved, as `name.prefix...`.
    void keep(String prefix, Parameters bank) {
        keep(prefix, prefix, bank);
    }

    /// @param key tells banks of one prefix apart
    void keep(String prefix, String key, Parameters bank) {
        var snapshot = bank.alike(kernels);
        banks.put(key, bank);
        snapshots.put(key, snapshot);
        snapshot.views().forEach((view, tensor) -> captured.put(name + "." + prefix + view, tensor));
    }

    Network network() {
        return network;
    }

    /// Updates made so far.
    long updates() {
        return updates;
    }

    /// Where a shard's lesson goes that is taken before the next is worked.
    Lesson lesson(int shard) {
        if (shard == 0) {
            return lesson;
        }
        if (others.isEmpty()) {
            others.add(emptyLesson());
        }
        return others.getFirst();
    }

    /// Room for a lesson.
    Lesson emptyLesson() {
        return new Lesson(network.weights().alike(kernels), Stream.generate(() -> network.statistics().alike(kernels)).limit(passes)
                .toList());
    }

    /// Takes a shard's lesson: to be called in the order of the shards.
    void take(int shard, Lesson taken) {
        if (shard > 0) {
            kernels.add(taken.gradients().flat(), lesson.gradients().flat());
        } else if (taken.gradients() != lesson.gradients()) {
            kernels.copy(taken.gradients().flat(), lesson.gradients().flat());
        }
        taken.statistics().forEach(network::track);
    }

    /// Applies the lessons taken. Where the host computes, it looks at once whether all is finite; else [#measured] does.
    ///
    /// @throws NonFinite if a gradient is not finite: the weights are then spoilt and must be restored
    void update(long step, RunConfig.Optimiser config) {
        spectralNorm.ifPresent(norm -> norm.chain(lesson.gradients()));
        if (config.clip() > 0) {
            clip(config.clip());
        }
        optimiser.step(spectralNorm.map(SpectralNorm::weights).orElse(network.weights()), lesson.gradients(), schedule.at(config, step, updates + 1),
                squares);
        spectralNorm.ifPresent(SpectralNorm::refresh);
        if (kernels.onHost()) {
            check(step, kernels.read(squares).get());
        }
        updates++;
    }

    /// Pascanu et al. 2013, algorithm 1. A device must be waited for.
    private void clip(double most) {
        var gradient = lesson.gradients().flat();
        double norm = Math.sqrt(kernels.sumOfSquares(gradient));
        if (norm > most) {
            kernels.addScaled(gradient.copy(), (float) (most / norm - 1), gradient);
        }
    }

    private void check(long step, double[] sums) {
        if (!Double.isFinite(sums[GRADIENT]) || !Double.isFinite(sums[WEIGHT])) {
            throw new NonFinite(step, culprit());
        }
    }

    /// The norms of the last update.
    ///
    /// @throws NonFinite as for [#update]
    void measured(long step, Metric gradientNorm, Metric updateRatio, Map<Metric, Double> into) {
        double[] sums = kernels.read(squares).get();
        check(step, sums);
        into.put(gradientNorm, Math.sqrt(sums[GRADIENT]));
        into.put(updateRatio, sums[WEIGHT] == 0 ? 0 : Math.sqrt(sums[UPDATE] / sums[WEIGHT]));
    }

    /// Keeps the weights as they are, for [#look].
    void probe() {
        var kept = probe.orElseGet(() -> new Probe(network.weights(), kernels));
        kept.keep(network.weights());
        probe = Optional.of(kept);
        probedAt = updates;
    }

    /// What was done to the layers since [#probe]; empty if nothing was.
    ///
    /// @param trace that they were last played with
    Optional<LayerFigures> look(Trace trace) {
        return probe.filter(_ -> updates > probedAt).map(look -> look.look(network.weights(), lesson.gradients(), trace::outputs));
    }

    private String culprit() {
        for (var gradient : lesson.gradients().views().entrySet()) {
            for (long i = 0; i < gradient.getValue().size(); i++) {
                if (!Double.isFinite(gradient.getValue().get(i))) {
                    return name + ".gradient." + gradient.getKey();
                }
            }
        }
        return name + ".weights";
    }

    /// A copy of the weights and running statistics alone. There is one such copy for each use: it holds until the next call.
    Portrait lease(Portrait.Use use) {
        return lease(use, network.weights(), network.statistics());
    }

    /// As the other, of averages.
    Portrait lease(Portrait.Use use, Parameters weights, Parameters statistics) {
        var copy = leased.computeIfAbsent(use, _ -> new Portrait(network.weights().alike(kernels), network.statistics().alike(kernels)));
        copy.weights().flat().segment().copyFrom(weights.flat().segment());
        copy.statistics().flat().segment().copyFrom(statistics.flat().segment());
        return copy;
    }

    private Parameters snapshot(String key) {
        return Objects.requireNonNull(snapshots.get(key));
    }

    /// A copy of the state as named tensors. There is one such copy: it holds until the next capture.
    PlayerState capture() {
        banks.forEach((key, bank) -> snapshot(key).flat().segment().copyFrom(bank.flat().segment()));
        return new PlayerState(updates, captured);
    }

    /// @throws IllegalArgumentException if a tensor is missing or of another shape
    void restore(PlayerState state) {
        captured.forEach((key, snapshot) -> {
            var saved = state.tensor(key).orElse(null);
            if (saved == null || !Arrays.equals(saved.shape(), snapshot.shape()) || saved.type() != snapshot.type()) {
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "%s: expected %s, found %s", key, snapshot, saved == null ? "none" : saved));
            }
        });
        captured.forEach((key, snapshot) -> snapshot.segment().copyFrom(state.tensor(key).orElseThrow().segment()));
        banks.forEach((key, bank) -> bank.flat().segment().copyFrom(snapshot(key).flat().segment()));
        updates = state.updates();
    }
}
