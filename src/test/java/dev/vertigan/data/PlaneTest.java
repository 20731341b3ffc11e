package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.data.Plane.Figure;
import org.junit.jupiter.api.Test;

class PlaneTest {

    private static final int MANY = 40_000;
    private static final double TINY = 1e-9;

    /// Of a point and its label: how far it lies from where it should.
    private interface Distance {

        double of(double x, double y, int label);
    }

    @Test
    void pointsLieOnTheirFigure() {
        lie(Figure.RINGS, (x, y, label) -> Math.abs(Math.hypot(x, y) - (label == 0 ? 1 : 0.5)));
        lie(Figure.MOONS, (x, y, label) -> {
            double side = label == 0 ? 1 : -1; // turned about the origin
            double height = side * y + 0.25;
            return Math.abs(Math.hypot(side * x + 0.5, height) - 1) + Math.max(0, -height);
        });
        lie(Figure.SPIRAL, (x, y, label) -> {
            double radius = Math.hypot(x, y);
            double angle = 2 * Math.PI * (1.5 * radius + label / 2.0);
            return Math.hypot(x - radius * Math.cos(angle), y - radius * Math.sin(angle)) + Math.max(0, radius - 1);
        });
        lie(Figure.CHECKERBOARD, (x, y, _) -> Math.abs(x) <= 2 && Math.abs(y) <= 2 && ((int) Math.floor(x) + (int) Math.floor(y)) % 2 == 0 ? 0 : 1);
    }

    private static void lie(Figure figure, Distance distance) {
        for (double spread : new double[] {1, 3}) {
            var data = new Plane(figure, spread, TINY, MANY);
            var point = new float[2];
            var counts = new long[data.classes()];
            for (int index = 0; index < MANY; index++) {
                data.read(index, point, 0);
                int label = data.label(index);
                counts[label]++;
                assertEquals(0, distance.of(point[0] / spread, point[1] / spread, label), 1e-5, figure + " at " + index);
            }
            for (long count : counts) {
                double expected = (double) MANY / counts.length;
                assertEquals(expected, count, 5 * Math.sqrt(expected), figure + ": parts are equally likely");
            }
        }
    }

    @Test
    void theBlurHasItsDeviationAndSamplesAreNumbered() {
        var sharp = new Plane(Figure.MOONS, 1, TINY, MANY);
        var blurred = new Plane(Figure.MOONS, 1, 0.1, MANY);
        var a = new float[2];
        var b = new float[4];
        double square = 0;
        for (int index = 0; index < MANY; index++) {
            sharp.read(index, a, 0);
            blurred.read(index, b, 1);
            square += Math.pow(a[0] - b[1], 2) + Math.pow(a[1] - b[2], 2);
            assertEquals(0, b[0] + b[3]);
        }
        assertEquals(0.1, Math.sqrt(square / 2 / MANY), 0.002);
        blurred.read(7, b, 0);
        blurred.read(7, b, 2);
        assertEquals(b[0], b[2]);
        assertThrows(IndexOutOfBoundsException.class, () -> blurred.read(MANY, b, 0));
    }

    /// Three of the images, each class as likely as any, the label as its digits are.
    @Test
    void stackedDigitsAreThreeImages() {
        var digits = new Digits(500);
        var stacked = new StackedDigits(digits, 2_000, 0);
        assertEquals(1_000, stacked.classes());
        assertArrayEquals(new int[] {28, 28, 3}, stacked.shape());
        var sample = new float[stacked.features()];
        var grey = new float[digits.features()];
        var counts = new long[3][10];
        for (int index = 0; index < 2_000; index++) {
            int label = stacked.label(index);
            counts[0][label / 100]++;
            counts[1][label / 10 % 10]++;
            counts[2][label % 10]++;
        }
        for (long[] channel : counts) {
            for (long count : channel) {
                assertTrue(count > 100 && count < 320, "a class in ten, found " + count);
            }
        }
        for (int index = 0; index < 5; index++) {
            stacked.read(index, sample, 0);
            for (int channel = 0; channel < 3; channel++) {
                int own = stacked.label(index) / (channel == 0 ? 100 : channel == 1 ? 10 : 1) % 10;
                assertTrue(isImageOf(own, digits, sample, channel, grey), "sample " + index + ", channel " + channel);
            }
        }
    }

    private static boolean isImageOf(int label, Dataset digits, float[] sample, int channel, float[] grey) {
        for (int candidate = 0; candidate < digits.size(); candidate++) {
            if (digits.label(candidate) == label) {
                digits.read(candidate, grey, 0);
                boolean same = true;
                for (int i = 0; i < grey.length && same; i++) {
                    same = grey[i] == sample[3 * i + channel];
                }
                if (same) {
                    return true;
                }
            }
        }
        return false;
    }
}
