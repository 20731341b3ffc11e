package dev.vertigan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void medianAndPercentilesWhateverTheOrder() {
        assertEquals(new Spread(6, 2, 10), Spread.of(new double[] {11, 1, 10, 2, 9, 3, 8, 4, 7, 5, 6}));
    }

    @Test
    void betweenTwoValuesItInterpolates() {
        assertEquals(new Spread(1.5, 1.1, 1.9), Spread.of(List.of(2.0, 1.0)));
    }

    @Test
    void ofOneValueAllAreThat() {
        assertEquals(new Spread(3, 3, 3), Spread.of(List.of(3.0)));
    }

    @Test
    void ofNothingIsNoNumber() {
        assertEquals(new Spread(Double.NaN, Double.NaN, Double.NaN), Spread.of(List.of()));
    }
}
