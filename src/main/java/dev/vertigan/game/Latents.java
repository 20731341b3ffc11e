package dev.vertigan.game;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Tensor;
import java.util.List;

/// What samples are made of: an endless list of latents. Row i is the same however many are asked for at once.
@FunctionalInterface
public interface Latents {

    /// Fills `z[n, latent]` with rows [from, from + n).
    void fill(Tensor z, long from);

    /// As the run draws them. With the run's own seed the first are those of its pictures.
    static Latents drawn(RunConfig config, long seed) {
        var draw = Streams.fixedLatents(seed);
        return (z, from) -> Generator.drawOnce(config.latent(), draw.from(from), z);
    }

    /// Given ones of one number each; rows after the last are zero.
    static Latents of(float... values) {
        return (z, from) -> {
            for (int i = 0; i < z.size(); i++) {
                z.set(i, from + i < values.length ? values[Math.toIntExact(from + i)] : 0);
            }
        };
    }

    /// As [#drawn], with every coordinate beyond the limit drawn again until it is within (Brock et al. 2019, the truncation trick).
    static Latents truncated(RunConfig config, long seed, double limit) {
        return (z, from) -> {
            Generator.drawOnce(config.latent(), Streams.fixedLatents(seed).from(from), z);
            var again = Tensor.allocate(z.type(), z.shape());
            for (long attempt = 1; !within(z, limit); attempt++) {
                Generator.drawOnce(config.latent(), Streams.redrawnLatents(seed, attempt).from(from), again);
                for (long i = 0; i < z.size(); i++) {
                    if (Math.abs(z.get(i)) > limit) {
                        z.set(i, again.get(i));
                    }
                }
            }
        };
    }

    private static boolean within(Tensor z, double limit) {
        for (long i = 0; i < z.size(); i++) {
            if (Math.abs(z.get(i)) > limit) {
                return false;
            }
        }
        return true;
    }

    /// `count` steps from row a to row b of other latents, both included: along the great circle between normal ones, whose length is that of
    /// samples seen in training (White 2016, slerp); straight between uniform ones, which fill a cube. Rows after the last are b.
    static Latents between(RunConfig config, Latents ends, long a, long b, long count) {
        int size = config.latent().size();
        double[] start = row(ends, a, size);
        double[] end = row(ends, b, size);
        double angle = config.latent().distribution() == Choice.Distribution.NORMAL ? angle(start, end) : 0;
        return (z, from) -> {
            for (long row = 0; row < z.extent(0); row++) {
                double t = Math.min(1, (from + row) / (count - 1.0));
                boolean straight = Math.sin(angle) < 1e-6;
                double toStart = straight ? 1 - t : Math.sin((1 - t) * angle) / Math.sin(angle);
                double toEnd = straight ? t : Math.sin(t * angle) / Math.sin(angle);
                for (int i = 0; i < size; i++) {
                    z.set(row * size + i, toStart * start[i] + toEnd * end[i]);
                }
            }
        };
    }

    /// Latents `x · a + y · b` of rows a and b of other latents: the plane through both and the origin.
    ///
    /// @param at x and y of each, one after the other; rows after the last are the origin
    static Latents plane(RunConfig config, Latents ends, long a, long b, List<Double> at) {
        int size = config.latent().size();
        double[] along = row(ends, a, size);
        double[] across = row(ends, b, size);
        return (z, from) -> {
            for (long row = 0; row < z.extent(0); row++) {
                int place = Math.toIntExact(2 * (from + row));
                double x = place < at.size() ? at.get(place) : 0;
                double y = place < at.size() ? at.get(place + 1) : 0;
                for (int i = 0; i < size; i++) {
                    z.set(row * size + i, x * along[i] + y * across[i]);
                }
            }
        };
    }

    private static double[] row(Latents latents, long index, int size) {
        var z = Tensor.allocate(ElementType.FLOAT32, 1, size);
        latents.fill(z, index);
        double[] row = new double[size];
        for (int i = 0; i < size; i++) {
            row[i] = z.get(i);
        }
        return row;
    }

    private static double angle(double[] a, double[] b) {
        double dot = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
            squaresA += a[i] * a[i];
            squaresB += b[i] * b[i];
        }
        return squaresA == 0 || squaresB == 0 ? 0 : Math.acos(Math.clamp(dot / Math.sqrt(squaresA * squaresB), -1, 1));
    }
}
