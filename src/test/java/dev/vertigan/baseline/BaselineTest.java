package dev.vertigan.baseline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.tensor.nd4j.Nd4jKernels;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BaselineTest {

    private static final int BITS = 6;

    /// Of log p(x|z) and the divergence together, in double precision, at fixed noise.
    @Test
    void theGradientOfTheLowerBoundIsThatOfCentralDifferences() {
        try (var kernels = new Nd4jKernels(ElementType.FLOAT64, 1)) {
            var vae = new Vae(7, 5, 3, 4, 2, kernels);
            var x = kernels.allocate(4, 7);
            var random = new Random(1);
            for (int i = 0; i < x.size(); i++) {
                x.set(i, random.nextDouble());
            }
            for (var half : vae.learned()) {
                vae.gradients(x);
                var weights = half.getFirst().flat();
                var gradients = half.getLast().flat().copy();
                for (long i = 0; i < weights.size(); i++) {
                    double before = weights.get(i);
                    weights.set(i, before + 1e-5);
                    double above = vae.gradients(x);
                    weights.set(i, before - 1e-5);
                    double below = vae.gradients(x);
                    weights.set(i, before);
                    assertEquals((above - below) / 2e-5, gradients.get(i), 1e-7, "weight " + i);
                }
            }
        }
    }

    /// The mean log p of some states, with the sum over all 2⁶.
    private static double exactLikelihood(Rbm rbm, int... states) {
        double most = 0;
        double sum = 0;
        for (int s = 0; s < 1 << BITS; s++) {
            sum += Math.exp(rbm.score(bits(s)));
        }
        for (int state : states) {
            most += (rbm.score(bits(state)) - Math.log(sum)) / states.length;
        }
        return most;
    }

    private static double[] bits(int state) {
        var v = new double[BITS];
        for (int i = 0; i < BITS; i++) {
            v[i] = state >> i & 1;
        }
        return v;
    }

    private static void fill(Tensor x, int... states) {
        for (int row = 0; row < x.extent(0); row++) {
            var v = bits(states[row % states.length]);
            for (int i = 0; i < BITS; i++) {
                x.set((long) row * BITS + i, v[i]);
            }
        }
    }

    @Test
    void aTinyMachineComesToItsDataByTheExactLikelihoodAndItsChainsToItsDistribution() {
        try (Kernels kernels = Backend.open(Choice.Kernels.SIMD, 1)) {
            var states = new int[16]; // three equal bits beside three that are free
            Arrays.setAll(states, i -> i >> 3 == 0 ? i & 7 : i & 7 | 0b111000);
            var rbm = new Rbm(BITS, 8, 64, 0.05, 3_000, 3, kernels);
            var x = kernels.allocate(64, BITS);
            fill(x, states);
            double before = exactLikelihood(rbm, states);
            assertEquals(-BITS * Math.log(2), before, 0.05, "nothing is known at first");
            for (int i = 0; i < 3_000; i++) {
                rbm.update(x);
            }
            double after = exactLikelihood(rbm, states);
            assertTrue(after > -Math.log(16) - 0.2 && after < -Math.log(16), "of at most −log 16 = −2.77: " + after);

            var seen = new double[1 << BITS];
            int steps = 1_000;
            for (int i = 0; i < steps; i++) {
                rbm.gibbs();
                for (int row = 0; row < 64; row++) {
                    int state = 0;
                    for (int b = 0; b < BITS; b++) {
                        state |= (int) rbm.chains().get((long) row * BITS + b) << b;
                    }
                    seen[state] += 1.0 / (64 * steps);
                }
            }
            double sum = 0;
            for (int s = 0; s < 1 << BITS; s++) {
                sum += Math.exp(rbm.score(bits(s)));
            }
            var exact = new double[1 << BITS];
            for (int s = 0; s < 1 << BITS; s++) {
                exact[s] = Math.exp(rbm.score(bits(s))) / sum;
            }
            assertArrayEquals(exact, seen, 0.03);
        }
    }

    @Test
    void aSmallAutoencoderLearnsToDrawItsData() {
        try (Kernels kernels = Backend.open(Choice.Kernels.SIMD, 1)) {
            int[] states = {0b000111, 0b111000};
            var vae = new Vae(BITS, 16, 2, 64, 3, kernels);
            var x = kernels.allocate(64, BITS);
            fill(x, states);
            double first = vae.update(x);
            double last = 0;
            for (int i = 0; i < 2_000; i++) {
                last = vae.update(x);
            }
            assertTrue(first < -4 && last > -2, first + " → " + last + ", at most −log 2 = −0.69");
            float[] samples = vae.draw(200);
            int good = 0;
            for (int i = 0; i < 200; i++) {
                int state = 0;
                for (int b = 0; b < BITS; b++) {
                    state |= samples[i * BITS + b] > 0.5 ? 1 << b : 0;
                }
                good += state == states[0] || state == states[1] ? 1 : 0;
            }
            assertTrue(good > 180, good + " of 200");
        }
    }

    /// Of plain denoising, at a corrupted sample of our own.
    @Test
    void theGradientOfRestoringIsThatOfCentralDifferences() {
        try (var kernels = new Nd4jKernels(ElementType.FLOAT64, 1)) {
            var gsn = new Gsn(7, 5, 0.4, 1, 4, 2, kernels);
            var x = kernels.allocate(4, 7);
            var from = kernels.allocate(4, 7);
            var random = new Random(1);
            for (int i = 0; i < x.size(); i++) {
                x.set(i, random.nextDouble());
                from.set(i, random.nextInt(2));
            }
            gsn.gradients(x, from);
            var weights = gsn.learner().weights().flat();
            var gradients = gsn.learner().gradients().flat().copy();
            for (long i = 0; i < weights.size(); i++) {
                double before = weights.get(i);
                weights.set(i, before + 1e-5);
                double above = gsn.gradients(x, from);
                weights.set(i, before - 1e-5);
                double below = gsn.gradients(x, from);
                weights.set(i, before);
                assertEquals((above - below) / 2e-5, gradients.get(i), 1e-7, "weight " + i);
            }
        }
    }

    /// What denoising learns is what Bayes says: with corruption c each bit of x̃ is as x has it with probability 1 − c/2.
    @Test
    void restoringComesToThePosterior() {
        try (Kernels kernels = Backend.open(Choice.Kernels.SIMD, 1)) {
            int[] states = {0b000111, 0b111000, 0b111111};
            var gsn = new Gsn(BITS, 32, 0.4, 1, 96, 3, kernels);
            var x = kernels.allocate(96, BITS);
            fill(x, states);
            for (int i = 0; i < 4_000; i++) {
                gsn.update(x);
            }
            int[] all = new int[1 << BITS];
            Arrays.setAll(all, i -> i);
            var from = kernels.allocate(96, BITS);
            fill(from, all);
            double[] restored = gsn.restored(from);
            double off = 0; // expected over x̃
            for (int seen = 0; seen < 1 << BITS; seen++) {
                var posterior = new double[BITS];
                double sum = 0;
                for (int state : states) {
                    double p = Math.pow(0.2, Integer.bitCount(seen ^ state)) * Math.pow(0.8, BITS - Integer.bitCount(seen ^ state));
                    sum += p;
                    for (int b = 0; b < BITS; b++) {
                        posterior[b] += p * (state >> b & 1);
                    }
                }
                for (int b = 0; b < BITS; b++) {
                    off += sum / states.length * Math.abs(posterior[b] / sum - restored[seen * BITS + b]) / BITS;
                }
            }
            assertTrue(off < 0.03, "mean distance from Bayes: " + off);
        }
    }

    @Test
    void theChainOfADenoiserThatWalkedBackDrawsItsData() {
        try (Kernels kernels = Backend.open(Choice.Kernels.SIMD, 1)) {
            int[] states = {0b000111, 0b111000};
            var gsn = new Gsn(BITS, 32, 0.4, 3, 64, 3, kernels);
            var x = kernels.allocate(64, BITS);
            fill(x, states);
            for (int i = 0; i < 1_500; i++) {
                gsn.update(x);
            }
            var seen = new int[1 << BITS];
            float[] samples = gsn.draw(640);
            for (int i = 0; i < 640; i++) {
                seen[state(samples, i)]++;
            }
            assertTrue(seen[states[0]] > 160 && seen[states[1]] > 160 && seen[states[0]] + seen[states[1]] > 560, () -> Arrays.toString(seen));
        }
    }

    private static int state(float[] samples, int row) {
        int state = 0;
        for (int b = 0; b < BITS; b++) {
            state |= samples[row * BITS + b] > 0.5 ? 1 << b : 0;
        }
        return state;
    }

    /// An update goes along the gradient of the objective, which is written down here once more.
    @Test
    void noiseContrastiveEstimationGoesUpItsObjective() {
        try (var kernels = new Nd4jKernels(ElementType.FLOAT64, 1)) {
            var means = new double[] {0.1, 0.5, 0.5, 0.3, 0.9, 0.5};
            var nce = new Nce(means, 4, 8, 0, 1_000_000, 2, kernels); // a rate of 0: nothing moves
            var x = kernels.allocate(8, BITS);
            fill(x, 3, 9, 33, 62);
            assertEquals(nce.update(x), objective(nce, means), 1e-12);
            for (var part : nce.learned()) {
                for (long i = 0; i < part.values().size(); i++) {
                    double value = part.values().get(i);
                    part.values().set(i, value + 1e-5);
                    double above = objective(nce, means);
                    part.values().set(i, value - 1e-5);
                    double below = objective(nce, means);
                    part.values().set(i, value);
                    assertEquals((below - above) / 2e-5, part.gradient().get(i), 1e-7, part.values() + ", " + i);
                }
            }
        }
    }

    /// By plain arithmetic, of the states that the last update drew.
    private static double objective(Nce nce, double... means) {
        double objective = 0;
        for (boolean real : new boolean[] {true, false}) {
            for (var v : nce.seen(real)) {
                double g = nce.logConstant() + nce.machine().score(v);
                for (int i = 0; i < BITS; i++) {
                    g -= Math.log(v[i] > 0 ? means[i] : 1 - means[i]);
                }
                objective += Math.log(1 / (1 + Math.exp(real ? -g : g))) / nce.seen(real).size();
            }
        }
        return objective;
    }

    @Test
    void aTinyMachineAlsoComesToItsDataAgainstNoiseAndKnowsItsConstant() {
        try (Kernels kernels = Backend.open(Choice.Kernels.SIMD, 1)) {
            var states = new int[16]; // as above
            Arrays.setAll(states, i -> i >> 3 == 0 ? i & 7 : i & 7 | 0b111000);
            var means = new double[BITS];
            Arrays.fill(means, 0.5);
            var nce = new Nce(means, 8, 64, 0.02, 4_000, 3, kernels);
            var x = kernels.allocate(64, BITS);
            fill(x, states);
            assertEquals(-BITS * Math.log(2), exactLikelihood(nce.machine(), states), 0.05, "it begins as the noise");
            for (int i = 0; i < 4_000; i++) {
                nce.update(x);
            }
            double after = exactLikelihood(nce.machine(), states);
            assertTrue(after > -Math.log(16) - 0.2 && after < -Math.log(16), "of at most −log 16 = −2.77: " + after);
            double sum = 0;
            for (int s = 0; s < 1 << BITS; s++) {
                sum += Math.exp(nce.machine().score(bits(s)));
            }
            assertEquals(-Math.log(sum), nce.logConstant(), 0.1);
        }
    }
}
