package dev.vertigan.game;

import dev.vertigan.config.RunConfig;
import dev.vertigan.nn.Architecture;
import dev.vertigan.nn.Initialiser;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Optimiser;
import dev.vertigan.nn.Parameters;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What both players have: a network, how it learns, and a state that can be saved and restored.
final class Player {

    private final String name;
    private final Network network;
    private final Optimiser optimiser;
    private final LearningSchedule schedule;
    private final Map<String, Parameters> banks = new LinkedHashMap<>(); // prefix → live numbers
    private final Map<String, Parameters> snapshots = new LinkedHashMap<>(); // the same prefixes; a capture's copies
    private final SortedMap<String, Tensor> captured = new TreeMap<>(); // views of the snapshots by full name
    private final Kernels kernels;
    private final Tensor squares; // float64 [3]: of the gradient, the update, the weights
    private long updates;

    Player(String name, Network network, RunConfig.Player config, LearningSchedule schedule, Kernels kernels) {
        this.name = name;
        this.network = network;
        this.schedule = schedule;
        this.kernels = kernels;
        squares = kernels.sums(3);
        var weights = network.weights();
        optimiser = switch (config.optimiser().name()) {
            case SGD -> new Optimiser.Momentum(kernels, weights.alike(kernels));
            case ADAM -> new Optimiser.Adam(kernels, weights.alike(kernels), weights.alike(kernels), config.optimiser().beta1(),
                    config.optimiser().beta2(), config.optimiser().epsilon());
        };
        keep("", weights, kernels);
        keep("", "statistics", network.statistics(), kernels);
        optimiser.moments().forEach((kind, moment) -> keep(kind + ".", moment, kernels));
    }

    /// The network a config describes, its weights as the seed has them.
    static Network network(RunConfig config, RunConfig.Player player, Architecture architecture, Kernels kernels, long capacity, int weights,
            int dropout) {
        var network = new Network(architecture, kernels, capacity, config.seed(), dropout);
        var initialiser = switch (player.init().weights()) {
            case HE -> new Initialiser.He();
            case UNIFORM -> new Initialiser.Uniform(player.init().range());
            case NORMAL -> new Initialiser.Normal(player.init().range());
        };
        initialiser.fill(network, config.seed(), weights);
        return network;
    }

    /// Adds numbers to the state that is saved, as `name.prefix...`.
    void keep(String prefix, Parameters bank, Kernels kernels) {
        keep(prefix, prefix, bank, kernels);
    }

    private void keep(String prefix, String key, Parameters bank, Kernels kernels) {
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

    /// Applies the network's gradients.
    ///
    /// @throws NonFinite if a gradient is not finite: the weights are then spoilt and must be restored
    UpdateNorms update(long step, double rate) {
        long t = updates + 1;
        optimiser.step(network, t, schedule.rate(rate, t), schedule.momentum(t), squares);
        double[] sums = kernels.read(squares).get();
        var norms = new UpdateNorms(sums[0], sums[1], sums[2]);
        if (!Double.isFinite(norms.gradient()) || !Double.isFinite(norms.weight())) {
            throw new NonFinite(step, culprit());
        }
        updates = t;
        return norms;
    }

    private String culprit() {
        for (var gradient : network.gradients().views().entrySet()) {
            for (long i = 0; i < gradient.getValue().size(); i++) {
                if (!Double.isFinite(gradient.getValue().get(i))) {
                    return name + ".gradient." + gradient.getKey();
                }
            }
        }
        return name + ".weights";
    }

    /// A copy of the state as named tensors. There is one such copy: it holds until the next capture.
    PlayerState capture() {
        banks.forEach((key, bank) -> snapshots.get(key).flat().segment().copyFrom(bank.flat().segment()));
        return new PlayerState(updates, captured);
    }

    /// @throws IllegalArgumentException if a tensor is missing or of another shape
    void restore(PlayerState state) {
        captured.forEach((key, snapshot) -> {
            var saved = state.tensors().get(key);
            if (saved == null || !Arrays.equals(saved.shape(), snapshot.shape()) || saved.type() != snapshot.type()) {
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "%s: expected %s, found %s", key, snapshot, saved == null ? "none" : saved));
            }
        });
        captured.forEach((key, snapshot) -> snapshot.segment().copyFrom(state.tensors().get(key).segment()));
        banks.forEach((key, bank) -> bank.flat().segment().copyFrom(snapshots.get(key).flat().segment()));
        updates = state.updates();
    }
}
