package dev.vertigan.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Shares and ratings against plain arithmetic.
class TournamentTest {

    @Test
    void aShareCountsPairsAndHalfOfTheEqualOnes() {
        float[] real = {1, 2, 2, 5};
        float[] fake = {0, 2, 3, 9, 1};
        double pairs = 0;
        for (float r : real) {
            for (float f : fake) {
                pairs += f > r ? 1 : f == r ? 0.5 : 0;
            }
        }
        assertEquals(pairs / 20, Tournament.wins(real, fake), 1e-12);
        assertEquals(0.5, Tournament.wins(real, real), 1e-12, "it cannot tell them apart");
        assertEquals(1, Tournament.wins(new float[] {-1}, new float[] {0, 1}), 0);
    }

    /// Shares made of ratings give these ratings back.
    @Test
    void ratingsAreThoseThatMakeTheSharesLikeliest() {
        double[] discriminators = {1300, 1500, 1650};
        double[] generators = {1200, 1550, 1700, 1600};
        var wins = new double[3][4];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 4; j++) {
                wins[i][j] = 1 / (1 + Math.pow(10, (discriminators[i] - generators[j]) / 400));
            }
        }
        double shift = 1500 - (Arrays.stream(discriminators).sum() + Arrays.stream(generators).sum()) / 7;
        var rated = Tournament.of(wins, 1_000_000);
        assertArrayEquals(Arrays.stream(discriminators).map(rating -> rating + shift).toArray(), rated.discriminators(), 0.01);
        assertArrayEquals(Arrays.stream(generators).map(rating -> rating + shift).toArray(), rated.generators(), 0.01);
    }

    @Test
    void whoAlwaysWinsHasAFiniteRating() {
        var rated = Tournament.of(new double[][] {{0, 1}, {0, 1}}, 1000);
        assertTrue(rated.generators()[1] > rated.discriminators()[0] && rated.discriminators()[0] > rated.generators()[0]);
        assertTrue(Double.isFinite(rated.generators()[1]));
        assertEquals(1500, (rated.generators()[0] + rated.generators()[1] + rated.discriminators()[0] + rated.discriminators()[1]) / 4, 1e-9);
    }
}
