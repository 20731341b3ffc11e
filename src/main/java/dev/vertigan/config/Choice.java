package dev.vertigan.config;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What a setting may be where it is one of a few things: parsed once, so that nobody else compares names.
public sealed interface Choice {

    /// The value game of Goodfellow et al. 2014: G maximises log D(G(z)), or minimises log(1 − D(G(z))), or learns by
    /// maximum likelihood (Goodfellow 2014); least squares (Mao et al. 2017);
    /// Wasserstein (Arjovsky et al. 2017); hinge (Lim & Ye 2017); D judges a real and a fake against each other, or against the mean of the
    /// others (Jolicoeur-Martineau 2018).
    enum Objective implements Choice {
        NON_SATURATING, MINIMAX, MAXIMUM_LIKELIHOOD, LEAST_SQUARES, WASSERSTEIN, HINGE, RELATIVISTIC, RELATIVISTIC_AVERAGE
    }

    /// ALTERNATING: Algorithm 1; SIMULTANEOUS: the paper's code, one set of fakes serves both updates.
    enum Schedule implements Choice { ALTERNATING, SIMULTANEOUS }

    /// What z is drawn from: N(0, 1), or U(−√3, √3) as the 2014 paper's code has it (both of variance 1).
    enum Distribution implements Choice { NORMAL, UNIFORM }

    /// First weights: He et al. 2015, U(−range, range) or N(0, range²).
    enum Weights implements Choice { HE, UNIFORM, NORMAL }

    /// The last layer's first bias: 0, or the logit of each pixel's mean.
    enum OutputBias implements Choice { ZERO, DATA_MARGINALS }

    /// SGD has momentum.
    enum Optimiser implements Choice { SGD, ADAM }

    /// Pixels go to G and D as [0, 1] or [−1, 1].
    enum Scale implements Choice { UNIT, SYMMETRIC }

    /// What computes; AUTO: CUDA where there is a card, else ND4J if it computes on one, else SIMD.
    enum Kernels implements Choice { AUTO, SIMD, CUDA, ND4J }

    /// What products of matrices are computed in on a card: float32 alone, or TF32 where its tensor cores can, sums in float32.
    enum Precision implements Choice { FLOAT32, TF32 }

    /// What is trained on.
    enum DataSet implements Choice {
        DIGITS, MNIST, FASHION_MNIST, KMNIST, CIFAR10, STACKED_MNIST, IMAGES, RING, GRID, GAUSSIAN, SPIRAL, MOONS, CHECKERBOARD, RINGS,
        DRAWING, ARRAY, TABLE, TURNING_RING, STREAM
    }

    /// The figure of the samples by which the best checkpoint is kept.
    enum Best implements Choice {
        NONE, HIGH_QUALITY, MODE_KL, DENSITY_KL, FORWARD_KL, DENSITY_JSD, CELL_JSD, CLASS_KL, CONFIDENT, AS_ASKED, AS_ASKED_LEAST, ASKED_KL, FRECHET,
        KERNEL_DISTANCE, PRECISION, RECALL, COVERAGE, PARZEN
    }

    /// TEXT for people, JSON for programs.
    enum LogFormat implements Choice { TEXT, JSON }

    String name();

    /// As files and command lines have it: `NON_SATURATING` is `non-saturating`.
    @JsonValue
    default String written() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// What may be written, in order.
    static <C extends Enum<C> & Choice> List<String> written(Class<C> type) {
        return Arrays.stream(type.getEnumConstants()).map(Choice::written).toList();
    }
}
