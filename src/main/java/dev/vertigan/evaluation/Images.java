package dev.vertigan.evaluation;

import dev.vertigan.data.Dataset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The images of a run, as an evaluation sees them. What is held out begins with what a Parzen window's width is chosen by; then comes what it
/// is measured on.
///
final class Images {

    private static final int LABELS = 100_000; // whose classes are counted
    private static final int REMEMBERED = 6; // training images a sample, among which the nearest is looked for
    private static final int MOST_REMEMBERED = 1 << 23; // values of their features
    private static final int MOST_PIXELS = 1024; // of which likelihoods are taken
    private static final int VALIDATION = 10; // one in so many samples

    private final Dataset train;
    private final Optional<Dataset> test;
    private final Features sight;
    private final int count;
    private final int stacked; // images in one sample, each a channel
    private final double[] shares;

    /// @param test what was not trained on, if there is such
    /// @param named the data whose classes the network names
    /// @param count samples that will be measured
    Images(Dataset train, Optional<Dataset> test, Dataset named, Features sight, int count) {
        this.train = train;
        this.test = test;
        this.sight = sight;
        this.count = count;
        stacked = train.shape()[2] / named.shape()[2];
        shares = shares(named, stacked);
    }

    ImageTally tally(Optional<RealImages> reals) {
        return new ImageTally(sight, stacked, shares, reals);
    }

    /// Images trained on, as many as samples will be measured.
    ImageTally trained(Patience patience) {
        var tally = tally(Optional.empty());
        new Reals(train).add(0, count, tally, patience);
        return tally;
    }

    /// What samples are held against.
    ///
    /// @param first [#trained]
    RealImages reference(ImageTally first, Patience patience) {
        int most = MOST_REMEMBERED / first.rows().getFirst().length;
        int remembered = test.isEmpty() ? count : (int) Math.max(count, Math.min(train.size(), Math.min((long) REMEMBERED * count, most)));
        var trained = new ArrayList<>(first.rows());
        trained.addAll(rows(train, count, remembered - count, patience));
        var memory = test.map(held -> Memory.of(trained, rows(held, 0, Math.min(count, Memory.ASKED), patience), patience));
        return RealImages.of(trained.subList(0, count), memory, parzen(patience), patience);
    }

    private List<double[]> rows(Dataset data, long from, int n, Patience patience) {
        var tally = tally(Optional.empty());
        new Reals(data).add(from, n, tally, patience);
        return tally.rows();
    }

    private Optional<ParzenWindow> parzen(Patience patience) {
        int validation = count / VALIDATION;
        return validation == 0 ? Optional.empty()
                : test.filter(held -> held.features() <= MOST_PIXELS).map(held -> {
                    var reals = new Reals(held);
                    return new ParzenWindow(rows(reals.read(0, validation, patience), held.features()),
                            rows(reals.read(validation, count - validation, patience), held.features()));
                });
    }

    /// Has a tally take as many images that were not trained on; where none is held out, others than the reference.
    Tally heldOut(Tally tally, Patience patience) {
        return new Reals(test.orElse(train)).add(test.isPresent() ? 0 : count, count, tally, patience);
    }

    /// Of the images trained on that samples are held against, `[count][pixels]`.
    List<double[]> pixels(Patience patience) {
        return rows(new Reals(train).read(0, count, patience), train.features());
    }

    /// One array for each sample.
    static List<double[]> rows(float[] samples, int features) {
        var rows = new ArrayList<double[]>();
        for (int from = 0; from < samples.length; from += features) {
            double[] row = new double[features];
            for (int i = 0; i < features; i++) {
                row[i] = samples[from + i];
            }
            rows.add(row);
        }
        return rows;
    }

    /// Of the classes, or of all rows of as many classes as are stacked; none if there are no classes.
    private static double[] shares(Dataset named, int stacked) {
        if (named.classes() < 2) {
            return new double[0];
        }
        double[] single = new double[named.classes()];
        long seen = Math.min(named.size(), LABELS);
        for (long i = 0; i < seen; i++) {
            single[named.label(i)] += 1.0 / seen;
        }
        double[] shares = {1};
        for (int i = 0; i < stacked; i++) {
            double[] before = shares;
            double[] more = new double[before.length * single.length];
            Arrays.setAll(more, j -> before[j / single.length] * single[j % single.length]);
            shares = more;
        }
        return shares;
    }
}
