package dev.vertigan.data;

import dev.vertigan.data.Skeletons.Skeleton;
import java.util.Arrays;

/// One hand writing one digit: a skeleton bent, slanted and scaled at random, then inked. Not thread-safe: one a thread.
///
/// Sizes follow MNIST (LeCun et al. 1998): the digit fills a box of 20×20 pixels and its centre of mass is the page's centre.
final class Handwriting {

    private static final double BOX = 20;
    private static final double PIECE = 0.1; // length of the straight pieces a curve is made of, of the digit's height: two pixels
    private static final int WAVES = 2; // of the elastic field, per axis
    private static final int MOST_PIECES = 8; // between two points
    private static final int PLACES = 512; // more than the longest skeleton has, each point of it making MOST_PIECES

    private final Pen pen = new Pen();
    private final double[] x = new double[PLACES]; // the pen's way, all strokes after one another
    private final double[] y = new double[PLACES];
    private final double[] pressure = new double[PLACES];
    private final boolean[] lifted = new boolean[PLACES]; // no ink between this place and the one before
    private int places;

    /// `digit` as the hand of `random` writes it: `[28 · 28]` bytes, 0 = black to 255 = white.
    byte[] write(int digit, CounterRandom random) {
        places = 0;
        var skeleton = choose(digit, random);
        double[][] points = bend(skeleton.points(), random);
        slant(points, random);
        for (int[] run : skeleton.runs()) {
            curve(points, run[0], run[1]);
        }
        press(random);
        double radius = Math.clamp(1.28 * StrictMath.exp(0.22 * random.normal()), 0.8, 1.85);
        fit(radius, random);
        for (int i = 1; i < places; i++) {
            if (!lifted[i]) {
                if (lifted[i - 1]) {
                    pen.line(x[i], y[i], radius * pressure[i], x[i - 1], y[i - 1], radius * pressure[i - 1]); // for its round end
                }
                pen.line(x[i - 1], y[i - 1], radius * pressure[i - 1], x[i], y[i], radius * pressure[i]);
            }
        }
        return pen.ink();
    }

    private static Skeleton choose(int digit, CounterRandom random) {
        var ways = Skeletons.of(digit);
        double left = random.uniform() * ways.stream().mapToDouble(Skeleton::weight).sum();
        for (var way : ways) {
            left -= way.weight();
            if (left < 0) {
                return way;
            }
        }
        return ways.getLast();
    }

    /// Moves every point by a smooth random field, so that neighbours move together, and a little by itself.
    private static double[][] bend(double[][] points, CounterRandom random) {
        double[][] bent = Arrays.stream(points).map(double[]::clone).toArray(double[][]::new);
        for (int axis = 0; axis < 2; axis++) {
            for (int wave = 0; wave < WAVES; wave++) {
                double amplitude = 0.045 * random.normal(2.5);
                double fx = 3.5 * random.normal(2);
                double fy = 3.5 * random.normal(2);
                double phase = random.uniform(0, 2 * Math.PI);
                for (int i = 0; i < points.length; i++) {
                    bent[i][axis] += amplitude * StrictMath.sin(fx * points[i][0] + fy * points[i][1] + phase);
                }
            }
            for (double[] point : bent) {
                point[axis] += 0.014 * random.normal(2.5);
            }
        }
        return bent;
    }

    private static void slant(double[][] points, CounterRandom random) {
        double shear = 0.16 + 0.21 * random.normal(2.2);
        double angle = 0.08 * random.normal(2.5);
        double width = 0.86 * StrictMath.exp(0.17 * random.normal(2));
        var rotation = Rotation.by(angle);
        for (double[] point : points) {
            double px = width * (point[0] - 0.5) - shear * (point[1] - 0.5);
            double py = point[1] - 0.5;
            point[0] = rotation.x(px, py);
            point[1] = rotation.y(px, py);
        }
    }

    /// The Catmull–Rom spline through points `first` to `last`.
    private void curve(double[][] points, int first, int last) {
        add(points[first][0], points[first][1], true);
        for (int i = first; i < last; i++) {
            double[] a = points[Math.max(i - 1, first)];
            double[] b = points[i];
            double[] c = points[i + 1];
            double[] d = points[Math.min(i + 2, last)];
            int pieces = Math.clamp(Math.round(StrictMath.hypot(c[0] - b[0], c[1] - b[1]) / PIECE), 1, MOST_PIECES);
            for (int piece = 1; piece <= pieces; piece++) {
                double t = (double) piece / pieces;
                add(spline(a[0], b[0], c[0], d[0], t), spline(a[1], b[1], c[1], d[1], t), false);
            }
        }
    }

    private static double spline(double a, double b, double c, double d, double t) {
        return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    }

    private void add(double px, double py, boolean lift) {
        x[places] = px;
        y[places] = py;
        lifted[places] = lift;
        places++;
    }

    /// The pen's pressure swells and fades slowly along the way.
    private void press(CounterRandom random) {
        double swell = 0.18 * random.normal(2);
        double speed = random.uniform(0.1, 0.4);
        double phase = random.uniform(0, 2 * Math.PI);
        for (int i = 0; i < places; i++) {
            pressure[i] = 1 + swell * StrictMath.sin(speed * i + phase);
        }
    }

    /// Scales the way to the box, then moves its centre of mass to the page's, as far as the page's border lets it.
    private void fit(double radius, CounterRandom random) {
        double left = Double.POSITIVE_INFINITY;
        double right = Double.NEGATIVE_INFINITY;
        double top = left;
        double bottom = right;
        double mass = 0;
        double massX = 0;
        double massY = 0;
        for (int i = 0; i < places; i++) {
            left = Math.min(left, x[i]);
            right = Math.max(right, x[i]);
            top = Math.min(top, y[i]);
            bottom = Math.max(bottom, y[i]);
            if (!lifted[i]) {
                double dx = x[i] - x[i - 1];
                double dy = y[i] - y[i - 1];
                double ink = StrictMath.sqrt(dx * dx + dy * dy) * pressure[i];
                mass += ink;
                massX += ink * (x[i] + x[i - 1]) / 2;
                massY += ink * (y[i] + y[i - 1]) / 2;
            }
        }
        double scale = (BOX - 2 * radius) / Math.max(right - left, bottom - top) * random.uniform(0.94, 1.02);
        double margin = 1.5 * radius + 1; // the heaviest pressure, and a black border
        double shiftX = Math.clamp(Pen.SIZE / 2.0 + 0.35 * random.normal(2) - scale * massX / mass,
                margin - scale * left, Pen.SIZE - margin - scale * right);
        double shiftY = Math.clamp(Pen.SIZE / 2.0 + 0.35 * random.normal(2) - scale * massY / mass,
                margin - scale * top, Pen.SIZE - margin - scale * bottom);
        for (int i = 0; i < places; i++) {
            x[i] = scale * x[i] + shiftX;
            y[i] = scale * y[i] + shiftY;
        }
    }
}
