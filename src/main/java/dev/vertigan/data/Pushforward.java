package dev.vertigan.data;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.commons.math3.special.Erf;

/// The distribution of x = G(z) on the line for a latent z of one number, by change of variables instead of samples: the density is
/// `Σ p(z) |dz/dx|` over all z that G takes to x. Between the places of a fine grid of z, G is taken for straight, and all is exact of that.
public final class Pushforward {

    private static final int PLACES = 1 << 13;
    private static final double NORMAL_REACH = 8; // deviations, beyond which there is nothing to speak of
    private static final double UNIFORM_REACH = Math.sqrt(3); // as latents are drawn

    private final Choice.Distribution distribution;
    private final double[] z;
    private final double[] x; // of each

    private Pushforward(Choice.Distribution distribution, double[] z, double[] x) {
        this.distribution = distribution;
        this.z = z;
        this.x = x;
    }

    /// Of a generator.
    ///
    /// @param latent what it makes samples of
    /// @param g from places of z to places of x, as many
    /// @return empty if a latent has more than one number
    public static Optional<Pushforward> of(RunConfig.Latent latent, UnaryOperator<float[]> g) {
        if (latent.size() != 1) {
            return Optional.empty();
        }
        double reach = latent.distribution() == Choice.Distribution.UNIFORM ? UNIFORM_REACH : NORMAL_REACH;
        float[] z = new float[PLACES + 1];
        for (int i = 0; i <= PLACES; i++) {
            z[i] = (float) (reach * (2.0 * i / PLACES - 1));
        }
        float[] x = g.apply(z.clone());
        return Optional.of(new Pushforward(latent.distribution(), doubles(z), doubles(x)));
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    private double below(double latent) {
        return distribution == Choice.Distribution.UNIFORM ? Math.clamp((latent / UNIFORM_REACH + 1) / 2, 0, 1)
                : Erf.erfc(-latent / Math.sqrt(2)) / 2;
    }

    /// The probabilities of the cells between edges, of all below the first and of all from the last on.
    ///
    /// @param edges increasing
    /// @return as many and one more; their sum is 1
    public double[] probabilities(double... edges) {
        double[] p = new double[edges.length + 1];
        p[cell(x[0], edges)] += below(z[0]);
        for (int i = 0; i < PLACES; i++) {
            piece(i, p, edges);
        }
        p[cell(x[PLACES], edges)] += 1 - below(z[PLACES]);
        return p;
    }

    private static int cell(double place, double... edges) {
        int found = Arrays.binarySearch(edges, place);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /// Shares out the probability between two places of z, as the straight line between theirs in x crosses the edges.
    private void piece(int i, double[] p, double... edges) {
        double low = Math.min(x[i], x[i + 1]);
        double high = Math.max(x[i], x[i + 1]);
        int last = cell(high, edges);
        double from = low == x[i] ? z[i] : z[i + 1]; // the z of the part that is not shared out yet
        for (int cell = cell(low, edges); cell < last; cell++) {
            double to = z[i] + (z[i + 1] - z[i]) * (edges[cell] - x[i]) / (x[i + 1] - x[i]);
            p[cell] += Math.abs(below(to) - below(from));
            from = to;
        }
        double end = low == x[i] ? z[i + 1] : z[i];
        p[last] += Math.abs(below(end) - below(from));
    }

    /// The mean density within half a step of each place.
    ///
    /// @param places evenly apart, increasing, two or more
    public double[] density(double... places) {
        double step = places[1] - places[0];
        double[] edges = new double[places.length + 1];
        Arrays.setAll(edges, i -> places[0] + (i - 0.5) * step);
        double[] p = probabilities(edges);
        double[] density = new double[places.length];
        Arrays.setAll(density, i -> p[i + 1] / step);
        return density;
    }
}
