package dev.vertigan.evaluation;

import dev.vertigan.data.BatchOrder;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Form;
import dev.vertigan.data.Mixture;
import dev.vertigan.values.Metric;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What is measured of samples of one data set, and what as many real samples come to.
///
/// @param count samples to be measured
/// @param tallies an empty tally each time
/// @param real figures of real samples
public record Evaluation(int count, Supplier<Tally> tallies, Map<Metric, Double> real) {

    private static final int ON_THE_LINE = 20_000;
    private static final int IN_THE_PLANE = 2_500;
    private static final int IMAGES = 10_000;
    private static final int STACKED = 26_000;
    private static final int AT_ONCE = 1024;
    private static final long SEED = 7; // of the order that reals are taken in, as a data set may be sorted by class

    /// How many samples are measured if nothing else is said: as the papers do.
    public static int usual(Form form, boolean stacked) {
        return switch (form.kind()) {
            case POINTS_1D -> ON_THE_LINE;
            case POINTS_2D -> IN_THE_PLANE;
            case IMAGE -> stacked ? STACKED : IMAGES;
        };
    }

    /// Of points.
    ///
    /// @param data as trained on: endless
    /// @param mixture the same, if its density is known
    public static Evaluation ofPoints(Dataset data, Optional<Mixture> mixture, int count) {
        Supplier<Tally> tallies;
        if (mixture.isPresent()) {
            var modes = mixture.get().modes();
            tallies = () -> new MixtureTally(modes.centres(), modes.deviation());
        } else {
            float[] reals = reals(data, count, count);
            tallies = () -> new PlaneTally(reals);
        }
        return new Evaluation(count, tallies, measure(tallies.get(), data, 0, count));
    }

    /// Of images: as many samples as there are real ones on either side, so that the bias of a Fréchet distance is the same.
    ///
    /// @param train what was trained on
    /// @param test what was not; empty: every other of those trained on stands for it
    /// @param named the data whose classes `features` names: `train` itself, or what it stacks
    public static Evaluation ofImages(Dataset train, Optional<Dataset> test, Dataset named, Features features, int count) {
        int stacked = train.shape()[2] / named.shape()[2];
        double[] shares = shares(named, stacked);
        long available = test.map(held -> Math.min(train.size(), held.size())).orElse(train.size() / 2);
        int equal = (int) Math.min(count, available);
        var counted = new ImageTally(features.network(), stacked, shares, Optional.empty());
        measure(counted, train, 0, equal);
        var reference = Optional.of(counted.asReference());
        Supplier<Tally> tallies = () -> new ImageTally(features.network(), stacked, shares, reference);
        var real = test.map(held -> measure(tallies.get(), held, 0, equal)).orElseGet(() -> measure(tallies.get(), train, equal, equal));
        return new Evaluation(equal, tallies, real);
    }

    /// Of the classes, or of all rows of as many classes as are stacked.
    private static double[] shares(Dataset named, int stacked) {
        if (named.classes() < 2) {
            return new double[0];
        }
        double[] single = new double[named.classes()];
        long seen = Math.min(named.size(), 100_000);
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

    private static Map<Metric, Double> measure(Tally tally, Dataset data, long first, int count) {
        for (int done = 0; done < count; done += AT_ONCE) {
            tally.add(reals(data, first + done, Math.min(AT_ONCE, count - done)));
        }
        return tally.figures();
    }

    private static float[] reals(Dataset data, long first, int count) {
        var order = new BatchOrder(SEED, data.size());
        float[] reals = new float[count * data.features()];
        for (int i = 0; i < count; i++) {
            data.read(order.index(first + i), reals, i * data.features());
        }
        Form.of(data).toUnit(reals);
        return reals;
    }
}
