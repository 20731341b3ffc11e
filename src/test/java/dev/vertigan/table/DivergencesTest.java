package dev.vertigan.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.table.Divergences.Gaussian;
import org.junit.jupiter.api.Test;

class DivergencesTest {

    /// Of two Gaussians the divergence is known: log(s₂/s₁) + (s₁² + (m₁ − m₂)²)/2s₂² − ½.
    @Test
    void betweenTwoGaussiansTheyAreWhatTheFormulaSays() {
        var one = new Divergences(new double[] {1}, 0.5);
        var q = new Gaussian(0, 0.75);
        assertEquals(Math.log(1.5) + (0.25 + 1) / (2 * 0.5625) - 0.5, one.forward(q), 1e-6);
        assertEquals(Math.log(1 / 1.5) + (0.5625 + 1) / 0.5 - 0.5, one.reverse(q), 1e-6);
        assertEquals(0, one.jensenShannon(new Gaussian(1, 0.5)), 1e-9);
        assertEquals(Math.log(2), one.jensenShannon(new Gaussian(5, 0.1)), 1e-6, "they do not overlap");
    }

    /// The tutorial's figure: the likelihood covers both modes, reverse KL takes one (Goodfellow 2016, section 3.2.5).
    @Test
    void theLikelihoodCoversBothModesAndReverseKlTakesOne() {
        var two = new Divergences(new double[] {-2, 2}, 0.5);
        var likelihood = two.least(two::forward);
        assertEquals(0, likelihood.mean(), 1e-4);
        assertEquals(Math.sqrt(4.25), likelihood.deviation(), 1e-4, "the mixture's own deviation");
        var reverse = two.least(two::reverse);
        assertEquals(2, reverse.mean(), 1e-2);
        assertEquals(0.5, reverse.deviation(), 1e-2);
        assertTrue(two.jensenShannon(two.least(two::jensenShannon)) < Math.min(two.jensenShannon(likelihood), two.jensenShannon(reverse)));
    }
}
