package dev.vertigan.data;

/// Statistics of single features, as for the 2014 paper's output bias: the logit of each pixel's mean.
public final class Marginals {

    private Marginals() {}

    /// The mean of every feature, `[features]`, pixels in [0, 1], over the first `limit` samples or all of them if there are fewer.
    ///
    /// @throws IllegalArgumentException if `limit` is not positive
    public static double[] means(Dataset data, long limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit: expected ≥ 1, found " + limit);
        }
        long count = Math.min(limit, data.size());
        double[] means = new double[data.features()];
        float[] sample = new float[means.length];
        for (long index = 0; index < count; index++) {
            data.read(index, sample, 0);
            for (int i = 0; i < means.length; i++) {
                means[i] += sample[i];
            }
        }
        for (int i = 0; i < means.length; i++) {
            means[i] = (means[i] / count - data.black()) / (1 - data.black());
        }
        return means;
    }
}
