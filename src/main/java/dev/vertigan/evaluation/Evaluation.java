package dev.vertigan.evaluation;

import dev.vertigan.data.Dataset;
import dev.vertigan.data.Form;
import dev.vertigan.data.Mixture;
import dev.vertigan.values.Metric;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What is measured of samples of one data set, and what as many real samples come to.
///
/// @param count samples to be measured
/// @param tallies an empty tally each time
/// @param real figures of real samples
/// @param confusion of images that were not trained on, by their own classes; empty if they have none
public record Evaluation(int count, Supplier<Tally> tallies, Map<Metric, Double> real,
        Optional<Confusion> confusion) {

    private static final int ON_THE_LINE = 20_000;
    private static final int IN_THE_PLANE = 2_500;
    private static final int IMAGES = 10_000;
    private static final int STACKED = 26_000;

    /// How many samples are measured if nothing else is said: as the papers do.
    public static int usual(Form form, boolean stacked) {
        return switch (form.kind()) {
            case POINTS_1D -> ON_THE_LINE;
            case POINTS_2D, POINTS -> IN_THE_PLANE;
            case IMAGE -> stacked ? STACKED : IMAGES;
        };
    }

    /// Of points.
    ///
    /// @param data as trained on
    /// @param mixture the same, if its density is known
    public static Evaluation ofPoints(Dataset data, Optional<Mixture> mixture, int count) {
        var reals = new Reals(data);
        Supplier<Tally> tallies;
        if (mixture.isPresent()) {
            var modes = mixture.get().modes();
            tallies = () -> new MixtureTally(modes.centres(), modes.deviation());
        } else if (data.features() > 2) {
            return ofRows(reals, Math.clamp(data.size() / 2, 1, count));
        } else {
            float[] points = reals.read(count, count, Patience.ENDLESS);
            tallies = () -> new CellTally(data.features(), points);
        }
        return new Evaluation(count, tallies, reals.add(0, count, tallies.get(), Patience.ENDLESS).figures(), Optional.empty());
    }

    /// Of points in three dimensions or more, of which no two sets may share one: a point is its own nearest neighbour.
    private static Evaluation ofRows(Reals reals, int count) {
        float[] points = reals.read(count, count, Patience.ENDLESS);
        int columns = reals.data().features();
        var manifold = Optional.of(Images.rows(points, columns)).filter(rows -> Manifold.fits(rows.size()))
                .map(rows -> Manifold.of(rows, Patience.ENDLESS));
        Supplier<Tally> tallies = () -> new TableTally(columns, points, manifold);
        return new Evaluation(count, tallies, reals.add(0, count, tallies.get(), Patience.ENDLESS).figures(), Optional.empty());
    }

    /// Of images: as many samples as there are real ones on either side, so that the bias of a Fréchet distance is the same.
    ///
    /// @param train what was trained on
    /// @param test what was not; empty: every other of those trained on stands for it
    /// @param named the data whose classes `features` names: `train` itself, or what it stacks
    /// @param patience asked now and then
    public static Evaluation ofImages(Dataset train, Optional<Dataset> test, Dataset named, Features features, int count, Patience patience) {
        long available = test.map(held -> Math.min(train.size(), held.size())).orElse(train.size() / 2);
        int equal = (int) Math.min(count, available);
        var images = new Images(train, test, named, features, equal);
        var trained = images.trained(patience);
        var trainedOn = images.reference(trained, patience);
        var heldOut = images.heldOut(images.tally(Optional.of(trainedOn.withoutParzen())), patience);
        var reference = trainedOn.with(heldOut.confusion());
        Supplier<Tally> tallies = () -> images.tally(Optional.of(reference));
        var real = new EnumMap<Metric, Double>(heldOut.figures(patience));
        reference.parzen().ifPresent(window -> real.put(Metric.PARZEN, window.logLikelihood(images.pixels(patience), patience)));
        trained.confusion().ifPresent(own -> heldOut.confusion().ifPresent(others -> real.put(Metric.ASKED_KL, own.kl(others))));
        return new Evaluation(equal, tallies, real, heldOut.confusion());
    }
}
