package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class MarginalsTest {

    @Test
    void meansOfTheFirstSamples() {
        var data = new Digits(20);
        double[] expected = new double[784];
        float[] sample = new float[784];
        for (int index = 0; index < 7; index++) {
            data.read(index, sample, 0);
            for (int i = 0; i < 784; i++) {
                expected[i] += sample[i] / 7.0;
            }
        }
        assertArrayEquals(expected, Marginals.means(data, 7), 1e-12);
    }

    @Test
    void ofAllWhenTheLimitIsBeyond() {
        var data = Mixture.gaussian(1, 1, 1e-6, 10);
        assertArrayEquals(Marginals.means(data, 10), Marginals.means(data, Long.MAX_VALUE));
        assertEquals(0, Marginals.means(data, 10)[0], 1e-5);
        assertThrows(IllegalArgumentException.class, () -> Marginals.means(data, 0));
    }
}
