package dev.vertigan.train;

import dev.vertigan.data.BatchOrder;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Form;
import dev.vertigan.picture.Pictures;
import dev.vertigan.values.ExploreRequest.Nearest;
import dev.vertigan.values.Picture;
import java.util.Arrays;

/// Looks for the training sample that is nearest to another, by the sum of squares, slice by slice. It looks in random order, and no longer than
/// some seconds of work: in a set of more samples than it can see in that time it finds the nearest of those it saw, and says how many.
final class NearestSearch {

    private static final long MOST_NANOS = 2_000_000_000L; // of work
    private static final int UNCLOCKED = 16; // samples between two looks at the clock

    private final Dataset dataset;
    private final BatchOrder order;
    private final float[] wanted;
    private final float[] sample;
    private final float[] nearest;
    private double least = Double.POSITIVE_INFINITY;
    private long index;
    private long searched;
    private long worked; // ns

    /// @param samples the first of which is held against the data, `[n, features]`
    NearestSearch(Dataset dataset, long seed, float[] samples) {
        this.dataset = dataset;
        order = new BatchOrder(seed, dataset.size());
        wanted = Arrays.copyOf(samples, dataset.features());
        sample = new float[wanted.length];
        nearest = new float[wanted.length];
    }

    /// Works for a slice of time.
    ///
    /// @return whether there is more to do
    boolean goesOn(long nanos) {
        long start = System.nanoTime();
        long now = start;
        while (searched < dataset.size() && now - start < nanos) {
            for (int i = 0; i < UNCLOCKED && searched < dataset.size(); i++) {
                look(order.index(searched++));
            }
            now = System.nanoTime();
        }
        worked += now - start;
        return searched < dataset.size() && worked < MOST_NANOS;
    }

    private void look(long at) {
        dataset.read(at, sample, 0);
        double sum = 0;
        for (int i = 0; i < wanted.length && sum < least; i++) {
            double difference = sample[i] - wanted[i];
            sum += difference * difference;
        }
        if (sum < least || searched == 1) {
            least = sum;
            index = at;
            System.arraycopy(sample, 0, nearest, 0, sample.length);
        }
    }

    Nearest found() {
        return new Nearest(index, dataset.label(index), Math.sqrt(least / wanted.length), searched, dataset.size(),
                Pictures.of(Form.of(dataset), nearest, 0, Picture.Source.REAL, 0));
    }
}
