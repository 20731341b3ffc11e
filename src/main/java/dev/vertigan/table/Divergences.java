package dev.vertigan.table;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.SimplexOptimizer;

/// How far one Gaussian q is from a mixture p of equally likely Gaussians on the line, in nats, and which is nearest: integrals over an even grid.
public final class Divergences {

    private static final int POINTS = 4_001;
    private static final double REACH = 12; // standard deviations of the whole mixture to either side
    private static final double TOLERANCE = 1e-12;
    private static final int MOST_EVALUATIONS = 10_000;

    private final double[] centres;
    private final double deviation;
    private final double[] x = new double[POINTS];
    private final double[] logP = new double[POINTS];
    private final double width; // between points

    /// One Gaussian.
    public record Gaussian(double mean, double deviation) {

        /// Its density's logarithm.
        public double logDensity(double x) {
            double z = (x - mean) / deviation;
            return -z * z / 2 - Math.log(deviation) - Math.log(2 * Math.PI) / 2;
        }
    }

    /// @param centres of the components
    /// @param deviation of each
    public Divergences(double[] centres, double deviation) {
        this.centres = centres.clone();
        this.deviation = deviation;
        var whole = maximumLikelihood();
        width = 2 * REACH * whole.deviation / (POINTS - 1);
        for (int i = 0; i < POINTS; i++) {
            x[i] = whole.mean - REACH * whole.deviation + i * width;
            logP[i] = logDensity(x[i]);
        }
    }

    /// Of the mixture.
    public double logDensity(double at) {
        double log = Double.NEGATIVE_INFINITY;
        for (double centre : centres) {
            log = logOfSum(log, new Gaussian(centre, deviation).logDensity(at) - Math.log(centres.length));
        }
        return log;
    }

    private static double logOfSum(double a, double b) {
        double larger = Math.max(a, b);
        return larger == Double.NEGATIVE_INFINITY ? larger : larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
    }

    /// `KL(p‖q)`, which maximum likelihood makes least.
    public double forward(Gaussian q) {
        return integral((log, i) -> log.p * (logP[i] - log.q), q);
    }

    /// `KL(q‖p)`.
    public double reverse(Gaussian q) {
        return integral((log, i) -> log.qShare * (log.q - logP[i]), q);
    }

    /// `(KL(p‖m) + KL(q‖m)) / 2` for m, the mean of p and q: what G makes least against the best D (Goodfellow et al. 2014, theorem 1).
    public double jensenShannon(Gaussian q) {
        return integral((log, i) -> {
            double middle = logOfSum(logP[i], log.q) - Math.log(2);
            return (log.p * (logP[i] - middle) + log.qShare * (log.q - middle)) / 2;
        }, q);
    }

    /// At one point: the densities and the logarithm of q's.
    private record Point(double p, double qShare, double q) {}

    private interface Integrand {

        double at(Point point, int i);
    }

    private double integral(Integrand integrand, Gaussian q) {
        double sum = 0;
        for (int i = 0; i < POINTS; i++) {
            double log = q.logDensity(x[i]);
            sum += integrand.at(new Point(Math.exp(logP[i]), Math.exp(log), log), i);
        }
        return sum * width;
    }

    /// The Gaussian of the mixture's own mean and deviation.
    public Gaussian maximumLikelihood() {
        double mean = Arrays.stream(centres).average().orElseThrow();
        double between = Arrays.stream(centres).map(centre -> (centre - mean) * (centre - mean)).average().orElseThrow();
        return new Gaussian(mean, Math.sqrt(between + deviation * deviation));
    }

    /// Where a divergence is least, by Nelder and Mead's method from the whole mixture's mean and from each component; of two that are as good the
    /// one to the right.
    public Gaussian least(ToDoubleFunction<Gaussian> divergence) {
        var whole = maximumLikelihood();
        return DoubleStream.concat(DoubleStream.of(whole.mean), Arrays.stream(centres)).boxed()
                .flatMap(mean -> Stream.of(new Gaussian(mean, deviation), new Gaussian(mean, whole.deviation)))
                .map(start -> from(start, divergence))
                .min(Comparator.<Gaussian>comparingDouble(q -> Math.round(divergence.applyAsDouble(q) * 1e6)).thenComparingDouble(q -> -q.mean))
                .orElseThrow();
    }

    private static Gaussian from(Gaussian start, ToDoubleFunction<Gaussian> divergence) {
        double[] found = new SimplexOptimizer(TOLERANCE, TOLERANCE).optimize(new MaxEval(MOST_EVALUATIONS), GoalType.MINIMIZE,
                new ObjectiveFunction(point -> divergence.applyAsDouble(new Gaussian(point[0], Math.exp(point[1])))),
                new NelderMeadSimplex(2), new InitialGuess(new double[] {start.mean, Math.log(start.deviation)})).getPoint();
        return new Gaussian(found[0], Math.exp(found[1]));
    }
}
