package dev.vertigan.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.values.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/// What is measured by distances between vectors: against what NumPy 2.4.6 and SciPy 1.17.1 gave for fixed ones, written as numbers, and exact where
/// the answer is known.
class NeighboursTest {

    private static final double CLOSE = 1e-6;

    private static List<double[]> first() {
        var rows = new ArrayList<double[]>();
        for (int i = 0; i < 30; i++) {
            rows.add(new double[] {Math.sin(i), Math.sin(i + 2 + 0.1 * i) * 1.25, Math.sin(i + 4 + 0.2 * i) * 1.5});
        }
        return rows;
    }

    private static List<double[]> second(double scale) {
        var rows = new ArrayList<double[]>();
        for (int i = 0; i < 30; i++) {
            rows.add(new double[] {scale * Math.cos(1.3 * i), scale * (Math.cos(1.3 * i - 1) + 0.1), scale * (Math.cos(1.3 * i - 4) + 0.2)});
        }
        return rows;
    }

    /// Vectors of a cluster, in the plane.
    private static List<double[]> cluster(double x, int count, long seed) {
        var random = new Random(seed);
        var rows = new ArrayList<double[]>();
        for (int i = 0; i < count; i++) {
            rows.add(new double[] {x + random.nextDouble(), random.nextDouble()});
        }
        return rows;
    }

    private static Map<Metric, Double> compare(List<double[]> reals, List<double[]> samples) {
        return Manifold.of(reals, Patience.ENDLESS).compare(Manifold.of(samples, Patience.ENDLESS), Patience.ENDLESS);
    }

    private static Map<Metric, Double> figures(double precision, double recall, double density, double coverage) {
        return Map.of(Metric.PRECISION, precision, Metric.RECALL, recall, Metric.DENSITY, density, Metric.COVERAGE, coverage);
    }

    private static void assertFigures(Map<Metric, Double> expected, Map<Metric, Double> found) {
        assertEquals(expected.keySet(), found.keySet());
        expected.forEach((metric, value) -> assertEquals(value, found.get(metric), CLOSE, metric.column()));
    }

    @Test
    void precisionRecallDensityAndCoverage() {
        assertFigures(figures(1, 0.26666666666666666, 1.1333333333333333, 0.7666666666666667), compare(first(), second(1)));
    }

    /// Of six points on a line the third neighbour of the first is three steps away, and so on: so all can be counted by hand.
    @Test
    void onALineTheyAreCounted() {
        var reals = new ArrayList<double[]>();
        for (int i = 0; i < 6; i++) {
            reals.add(new double[] {i});
        }
        // Radii to the third neighbour: 3 2 2 2 2 3; to the fifth: 5 4 3 3 4 5.
        var samples = List.of(new double[] {8}, new double[] {8.5}, new double[] {9}, new double[] {-2.5}, new double[] {100}, new double[] {2.5});
        // In narrow balls: 8 in that of 5, −2.5 in that of 0, 2.5. Samples' radii to the third: 5.5 6 6.5 10.5 92 5.5 (2.5 → 8 is 5.5): all
        // reals are within 10.5 of −2.5. Pairs with wide balls: 8 in those of 4 and 5, 8.5 and 9 in those of 4 or 5, −2.5 in those of 0, 2.5 in all.
        var found = compare(reals, samples);
        assertFigures(figures(3 / 6.0, 1, (2 + 1 + 1 + 2 + 0 + 6) / 30.0, 1), found);
    }

    @Test
    void theSameAsTheDataIsPerfect() {
        var found = compare(first(), first());
        assertFigures(figures(1, 1, found.get(Metric.DENSITY), 1), found);
        assertTrue(found.get(Metric.DENSITY) >= 1, "each is in its own ball and in those of its neighbours");
    }

    /// Precision stays when a mode is lost, recall and coverage tell; samples elsewhere cost precision and density.
    @Test
    void aLostModeCostsRecallAndWhatIsElsewhereCostsPrecision() {
        var reals = cluster(0, 50, 1);
        reals.addAll(cluster(100, 50, 2));
        var half = compare(reals, cluster(0, 100, 3));
        assertEquals(1, half.get(Metric.PRECISION), 0.1);
        assertEquals(0.5, half.get(Metric.RECALL), 0.05);
        assertEquals(0.5, half.get(Metric.COVERAGE), 0.05);
        assertFigures(figures(0, 0, 0, 0), compare(reals, cluster(1000, 100, 4)));
    }

    @Test
    void theKernelDistance() {
        assertEquals(0.3967862557641384, KernelDistance.of(first(), second(1), Patience.ENDLESS), CLOSE);
        assertEquals(KernelDistance.of(first(), second(1), Patience.ENDLESS), KernelDistance.of(second(1), first(), Patience.ENDLESS), 1e-12);
    }

    @Test
    void theKernelDistanceOfManyIsTheMeanOverBlocks() {
        var random = new Random(3);
        var a = vectors(1_300, 2, random);
        var b = vectors(1_300, 2, random);
        double first = KernelDistance.of(a.subList(0, 650), b.subList(0, 650), Patience.ENDLESS);
        double second = KernelDistance.of(a.subList(650, 1_300), b.subList(650, 1_300), Patience.ENDLESS);
        assertEquals((first + second) / 2, KernelDistance.of(a, b, Patience.ENDLESS), 1e-12);
    }

    /// Without bias: of samples of the same distribution it is 0 on average, and below as often as above.
    @Test
    void theKernelDistanceOfEqualsIsNothingOnAverage() {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 200; i++) {
            double distance = KernelDistance.of(cluster(0, 20, 1000 + i), cluster(0, 20, 3000 + i), Patience.ENDLESS);
            sum += distance;
            squares += distance * distance;
        }
        double error = Math.sqrt(squares / 200 / 200);
        assertTrue(Math.abs(sum / 200) < 3 * error, sum / 200 + " ± " + error);
    }

    @Test
    void theParzenWindow() {
        var window = new ParzenWindow(first().subList(0, 8), first().subList(8, 30));
        assertEquals(-3.879711925537231, window.logLikelihood(second(1), Patience.ENDLESS), CLOSE);
    }

    @Test
    void diversity() {
        assertEquals(1.564591646922712, Diversity.of(second(1)), CLOSE);
        var alike = new ArrayList<double[]>();
        for (int i = 0; i < 70; i++) {
            alike.add(new double[] {3, 4});
        }
        assertEquals(0, Diversity.of(alike), 0);
    }

    @Test
    void nearnessIsNothingForCopiesAndOneForWhatIsHeldOut() {
        var memory = Memory.of(first(), second(0.5).subList(0, 10), Patience.ENDLESS);
        assertEquals(0.9359278162409626, memory.nearness(second(1), Patience.ENDLESS), CLOSE);
        assertEquals(0, memory.nearness(first(), Patience.ENDLESS), 0);
        assertEquals(1, memory.nearness(second(0.5).subList(0, 10), Patience.ENDLESS), 0);
    }

    /// Whatever the numbers of vectors and coordinates, whole blocks or not.
    @Test
    void distancesAreThoseOfPlainArithmetic() {
        var random = new Random(5);
        for (int dimensions = 1; dimensions < 10; dimensions++) {
            var a = vectors(1 + random.nextInt(140), dimensions, random);
            var b = vectors(1 + random.nextInt(40), dimensions, random);
            Cloud.of(a).squaredDistances(b, Patience.ENDLESS, (j, squares) -> {
                assertEquals(a.size(), squares.length);
                for (int i = 0; i < a.size(); i++) {
                    double sum = 0;
                    for (int f = 0; f < a.get(i).length; f++) {
                        sum += Math.pow(a.get(i)[f] - b.get(j)[f], 2);
                    }
                    assertEquals(sum, squares[i], 1e-12);
                }
            });
        }
    }

    private static List<double[]> vectors(int count, int dimensions, Random random) {
        var rows = new ArrayList<double[]>();
        for (int i = 0; i < count; i++) {
            rows.add(random.doubles(dimensions).toArray());
        }
        return rows;
    }

    @Test
    void whoHasNoPatienceLeftEndsIt() {
        Patience none = () -> {
            throw new CancellationException();
        };
        assertThrows(CancellationException.class, () -> Manifold.of(first(), none));
        assertThrows(CancellationException.class, () -> KernelDistance.of(first(), first(), none));
        assertThrows(CancellationException.class, () -> new ParzenWindow(first(), first()).logLikelihood(first(), none));
    }
}
