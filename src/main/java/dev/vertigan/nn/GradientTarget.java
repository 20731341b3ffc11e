package dev.vertigan.nn;

import dev.vertigan.tensor.Tensor;
import java.util.Optional;

/// What becomes of the parameters' gradients in a pass backward.
///
/// @param gradients where they go; empty if only the gradient at the inputs is wanted
/// @param accumulate whether they are added to what is there
public record GradientTarget(Optional<Parameters> gradients, boolean accumulate) {

    /// They are not computed.
    public static final GradientTarget NONE = new GradientTarget(Optional.empty(), false);

    /// They replace what is there.
    public static GradientTarget replacing(Parameters gradients) {
        return new GradientTarget(Optional.of(gradients), false);
    }

    /// They are added to what is there.
    public static GradientTarget adding(Parameters gradients) {
        return new GradientTarget(Optional.of(gradients), true);
    }

    /// For what is still to come of the same sum: added, wherever this one puts its own.
    public GradientTarget further() {
        return new GradientTarget(gradients, true);
    }

    boolean wanted() {
        return gradients.isPresent();
    }

    Tensor view(String name) {
        return gradients.orElseThrow().view(name);
    }
}
