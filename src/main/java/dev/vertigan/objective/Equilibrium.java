package dev.vertigan.objective;

import dev.vertigan.objective.Objective.Versus;
import java.util.OptionalDouble;
import java.util.function.DoubleUnaryOperator;

/// Where a game comes to rest: G makes what the data are, so D does best to give every sample the same logit.
///
/// @param logit what D gives then; 0 where only differences of logits count
/// @param lossD D's loss there: 2 ln 2 for cross-entropy (Goodfellow et al. 2014, theorem 1)
/// @param lossG G's loss there
/// @param leastD D's loss if it told every real from every fake, which is its infimum; empty if there is none
public record Equilibrium(double logit, double lossD, double lossG, OptionalDouble leastD) {

    private static final double FARTHEST = 60; // no logit beyond matters: e⁻⁶⁰ is nothing
    private static final double BOTTOMLESS = -20;
    private static final int HALVINGS = 200;

    /// @param realLabel D's label of reals
    public static Equilibrium of(Objective objective, double realLabel) {
        var real = objective.real().apply(realLabel);
        DoubleUnaryOperator same = a -> real.value(a) + objective.fake().value(a);
        double logit = objective.versus() == Versus.NOTHING ? lowest(same) : 0;
        double least = real.value(lowest(real::value)) + objective.fake().value(lowest(objective.fake()::value));
        return new Equilibrium(logit, same.applyAsDouble(logit), objective.generatorReal().value(logit) + objective.generatorFake().value(logit),
                least < BOTTOMLESS ? OptionalDouble.empty() : OptionalDouble.of(least));
    }

    /// Where a convex function is least; of several such places 0, if it is one of them.
    private static double lowest(DoubleUnaryOperator function) {
        double low = -FARTHEST;
        double high = FARTHEST;
        for (int i = 0; i < HALVINGS; i++) {
            double third = (high - low) / 3;
            if (function.applyAsDouble(low + third) <= function.applyAsDouble(high - third)) {
                high -= third;
            } else {
                low += third;
            }
        }
        double found = (low + high) / 2;
        return function.applyAsDouble(0) <= function.applyAsDouble(found) + 1e-12 ? 0 : found;
    }
}
