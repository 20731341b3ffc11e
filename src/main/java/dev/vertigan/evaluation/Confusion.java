package dev.vertigan.evaluation;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/// The confusion matrix of images whose class was asked for: as what a classifier names them. Not thread-safe.
public final class Confusion {

    private final int classes;
    private final Map<Integer, Map<Integer, Long>> named = new TreeMap<>(); // by the class asked for, as which how many

    Confusion(int classes) {
        this.classes = classes;
    }

    void add(int asked, int name) {
        named.computeIfAbsent(asked, _ -> new TreeMap<>()).merge(name, 1L, Long::sum);
    }

    /// Takes the images of another as well.
    public Confusion add(Confusion other) {
        other.named.forEach((asked, names) -> names.forEach(
                (name, count) -> named.computeIfAbsent(asked, _ -> new TreeMap<>()).merge(name, count, Long::sum)));
        return this;
    }

    /// The classes asked for.
    public Set<Integer> asked() {
        return named.keySet();
    }

    private Map<Integer, Long> names(int asked) {
        return Objects.requireNonNullElse(named.get(asked), Map.of());
    }

    private long count(int asked) {
        return names(asked).values().stream().mapToLong(Long::longValue).sum();
    }

    /// The share of a class's images that are named as it.
    ///
    /// @param asked one of [#asked()]
    public double recognised(int asked) {
        return names(asked).getOrDefault(asked, 0L) / (double) count(asked);
    }

    /// The share of all images that are named as what was asked for.
    double recognised() {
        long right = named.keySet().stream().mapToLong(asked -> names(asked).getOrDefault(asked, 0L)).sum();
        return right / (double) named.keySet().stream().mapToLong(this::count).sum();
    }

    /// The least share of all classes.
    double leastRecognised() {
        return named.keySet().stream().mapToDouble(this::recognised).min().orElse(Double.NaN);
    }

    /// `KL(q‖p)` of the names q of a class's images from the names p of real images of that class, one image added to these, spread over all
    /// classes: without it, any name that none of them has would make it infinite.
    ///
    /// @param asked one of [#asked()]
    public double kl(int asked, Confusion reals) {
        var real = reals.names(asked);
        double all = count(asked);
        double realOnes = reals.count(asked) + 1.0;
        return names(asked).entrySet().stream().mapToDouble(name -> Divergence.klTerm(name.getValue() / all,
                (real.getOrDefault(name.getKey(), 0L) + 1.0 / classes) / realOnes)).sum();
    }

    /// The mean of it over the classes asked for.
    double kl(Confusion reals) {
        return named.keySet().stream().mapToDouble(asked -> kl(asked, reals)).average().orElse(Double.NaN);
    }
}
