package dev.vertigan.evaluation;

import java.util.Arrays;

/// Discriminators judge generators, each every other, and both get a rating from it (Olsson et al. 2018, "Skill Rating for Generative Models").
///
/// A generator wins a match as often as the discriminator takes one of its samples to be more real than a real one: ½ where it cannot tell.
/// (The paper asks whether it takes the sample to be real at all, which not every objective gives a threshold for.) Ratings are the
/// maximum-likelihood ones of all matches at once (Bradley and Terry 1952; the paper's Glicko-2 depends on their order), on Elo's scale: 400 more
/// are odds of ten to one. The mean of all is 1500.
///
/// @param wins `[discriminators][generators]`: the generator's share
/// @param discriminators their ratings
/// @param generators their ratings
public record Tournament(double[][] wins, double[] discriminators, double[] generators) {

    private static final double MEAN = 1500;
    private static final double SCALE = 400 / Math.log(10);
    private static final int SWEEPS = 10_000;
    private static final double SETTLED = 1e-10;

    /// Rates all from their matches.
    ///
    /// @param wins `[discriminators][generators]`
    /// @param samples in a match: a share of 0 or 1 counts as half a sample from it, so that ratings are finite
    public static Tournament of(double[][] wins, int samples) {
        int n = wins.length;
        int m = wins[0].length;
        double[] d = new double[n];
        double[] g = new double[m];
        double change = 1;
        for (int sweep = 0; sweep < SWEEPS && change > SETTLED; sweep++) {
            change = 0;
            for (int j = 0; j < m; j++) {
                double slope = 0;
                double curvature = 0;
                for (int i = 0; i < n; i++) {
                    double p = 1 / (1 + Math.exp(d[i] - g[j]));
                    slope += within(wins[i][j], samples) - p;
                    curvature += p * (1 - p);
                }
                double step = Math.clamp(slope / curvature, -1, 1);
                g[j] += step;
                change = Math.max(change, Math.abs(step));
            }
            for (int i = 0; i < n; i++) {
                double slope = 0;
                double curvature = 0;
                for (int j = 0; j < m; j++) {
                    double p = 1 / (1 + Math.exp(d[i] - g[j]));
                    slope -= within(wins[i][j], samples) - p;
                    curvature += p * (1 - p);
                }
                double step = Math.clamp(slope / curvature, -1, 1);
                d[i] += step;
                change = Math.max(change, Math.abs(step));
            }
        }
        double mean = (Arrays.stream(d).sum() + Arrays.stream(g).sum()) / (n + m);
        return new Tournament(wins, Arrays.stream(d).map(rating -> MEAN + SCALE * (rating - mean)).toArray(),
                Arrays.stream(g).map(rating -> MEAN + SCALE * (rating - mean)).toArray());
    }

    private static double within(double share, int samples) {
        return (share * samples + 0.5) / (samples + 1.0);
    }

    /// How often a generator wins: the share of all pairs in which its sample has the higher logit, and half of those that are equal (the
    /// Mann–Whitney statistic).
    ///
    /// @param real logits of real samples
    /// @param fake logits of the generator's
    public static double wins(float[] real, float[] fake) {
        float[] sorted = real.clone();
        Arrays.sort(sorted);
        double wins = 0;
        for (float logit : fake) {
            wins += (below(sorted, logit, false) + below(sorted, logit, true)) / 2.0;
        }
        return wins / ((double) real.length * fake.length);
    }

    /// How many are below a value, or equal to it as well.
    private static int below(float[] sorted, float value, boolean orEqual) {
        int from = 0;
        int to = sorted.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (sorted[middle] < value || orEqual && sorted[middle] == value) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }
}
