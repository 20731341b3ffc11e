package dev.vertigan.evaluation;

import dev.vertigan.values.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Images held against real ones in the features of a small network.
final class ImageTally implements Tally {

    private static final double CONFIDENT = 0.9;
    private static final int ENOUGH = 10; // images a feature, for a covariance

    private final Features sight;
    private final int stacked; // images in one sample, each a channel; 1 = the whole
    private final double[] shares; // of the real classes; none if there are no classes
    private final Optional<RealImages> reals;
    private final List<double[]> rows = new ArrayList<>(); // [n][features of a sample]
    private final List<double[]> pixels = new ArrayList<>(); // [n][pixels]; kept only where they are asked for
    private final long[] classes;
    private final Confusion confusion;
    private long confident;

    /// @param shares of the classes among real samples
    /// @param reals what samples are held against; empty while these are seen
    ImageTally(Features sight, int stacked, double[] shares, Optional<RealImages> reals) {
        this.sight = sight;
        this.stacked = stacked;
        this.shares = shares;
        this.reals = reals;
        classes = new long[shares.length];
        confusion = new Confusion(shares.length);
    }

    @Override
    public void add(float[] samples, int... asked) {
        reals.flatMap(RealImages::parzen).ifPresent(window -> pixels.addAll(Images.rows(samples, window.dimensions())));
        var given = sight.given().map(extractor -> extractor.see(samples));
        given.ifPresent(rows::addAll);
        if (given.isPresent() && shares.length == 0) {
            return;
        }
        var seen = sight.network().see(stacked == 1 ? samples : apart(samples));
        int features = FeatureNetwork.FEATURES;
        int digits = (int) Math.round(Math.pow(shares.length, 1.0 / stacked));
        for (int from = 0; from < seen.likeliest().length; from += stacked) {
            double[] row = new double[stacked * features];
            int name = 0;
            boolean sure = true;
            for (int i = 0; i < stacked; i++) {
                System.arraycopy(seen.features()[from + i], 0, row, i * features, features);
                name = name * digits + seen.likeliest()[from + i];
                sure &= seen.confidence()[from + i] >= CONFIDENT;
            }
            if (given.isEmpty()) {
                rows.add(row);
            }
            if (shares.length > 0) {
                classes[name]++;
                confident += sure ? 1 : 0;
                if (asked.length > 0) {
                    confusion.add(asked[from / stacked], name);
                }
            }
        }
    }

    /// Channels one after another, in place of pixels of all channels.
    private float[] apart(float[] samples) {
        float[] apart = new float[samples.length];
        int pixels = sight.network().pixels();
        for (int from = 0; from < samples.length; from += pixels * stacked) {
            for (int i = 0; i < pixels; i++) {
                for (int channel = 0; channel < stacked; channel++) {
                    apart[from + channel * pixels + i] = samples[from + i * stacked + channel];
                }
            }
        }
        return apart;
    }

    /// Features of all images, `[n][features]`, of our own network `[n][stacked · features]`.
    List<double[]> rows() {
        return rows;
    }

    @Override
    public Optional<Confusion> confusion() {
        return confusion.asked().isEmpty() ? Optional.empty() : Optional.of(confusion);
    }

    @Override
    public Map<Metric, Double> figures(Patience patience) {
        var figures = new EnumMap<Metric, Double>(Metric.class);
        if (shares.length > 0) {
            figures.put(Metric.MODES, (double) Arrays.stream(classes).filter(count -> count > 0).count());
            figures.put(Metric.CLASS_KL, Divergence.kl(classes, shares));
            figures.put(Metric.CONFIDENT, confident / (double) rows.size());
        }
        confusion().ifPresent(named -> {
            figures.put(Metric.AS_ASKED, named.recognised());
            figures.put(Metric.AS_ASKED_LEAST, named.leastRecognised());
            reals.flatMap(RealImages::confusion).ifPresent(heldOut -> figures.put(Metric.ASKED_KL, named.kl(heldOut)));
        });
        reals.filter(_ -> rows.size() > 1).ifPresent(real -> compare(real, figures, patience));
        return figures;
    }

    private void compare(RealImages real, Map<Metric, Double> figures, Patience patience) {
        figures.put(Metric.DIVERSITY, Diversity.of(rows) / real.diversity());
        real.memory().ifPresent(memory -> figures.put(Metric.NEARNESS, memory.nearness(rows, patience)));
        real.parzen().ifPresent(window -> figures.put(Metric.PARZEN, window.logLikelihood(pixels, patience)));
        if (real.rows().size() != rows.size()) {
            return; // the bias of what follows depends on the number
        }
        if (rows.size() >= (long) ENOUGH * rows.getFirst().length) {
            figures.put(Metric.FRECHET, patience.apart(() -> Moments.of(rows.toArray(double[][]::new)).frechet(real.moments())));
        }
        figures.put(Metric.KERNEL_DISTANCE, KernelDistance.of(rows, real.rows(), patience));
        real.manifold().ifPresent(manifold -> figures.putAll(
                manifold.compare(Manifold.of(rows.subList(0, manifold.rows().size()), patience), patience)));
    }
}
