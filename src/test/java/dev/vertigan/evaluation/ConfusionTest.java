package dev.vertigan.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.api.Test;

/// Plain arithmetic on four samples of a one and two of a two.
class ConfusionTest {

    private static Confusion of(int[]... pairs) {
        var confusion = new Confusion(3);
        for (int[] pair : pairs) {
            confusion.add(pair[0], pair[1]);
        }
        return confusion;
    }

    @Test
    void sharesAndDivergencesByClass() {
        var samples = of(new int[] {1, 1}, new int[] {1, 1}, new int[] {1, 1}, new int[] {1, 0}).add(of(new int[] {2, 2}, new int[] {2, 2}));
        assertEquals(Set.of(1, 2), samples.asked());
        assertEquals(0.75, samples.recognised(1));
        assertEquals(1, samples.recognised(2));
        assertEquals(5.0 / 6, samples.recognised(), 1e-15);
        assertEquals(0.75, samples.leastRecognised());

        var reals = of(new int[] {1, 1}, new int[] {1, 1}, new int[] {1, 2}, new int[] {2, 2});
        double one = 0.75 * Math.log(0.75 / ((2 + 1.0 / 3) / 4)) + 0.25 * Math.log(0.25 / (1.0 / 3 / 4));
        double two = Math.log(1 / ((1 + 1.0 / 3) / 2));
        assertEquals(one, samples.kl(1, reals), 1e-15);
        assertEquals(two, samples.kl(2, reals), 1e-15);
        assertEquals((one + two) / 2, samples.kl(reals), 1e-15);
    }

    @Test
    void aClassThatNoRealImageHasIsUniform() {
        assertEquals(Math.log(3), of(new int[] {0, 0}).kl(0, of()), 1e-15);
    }
}
