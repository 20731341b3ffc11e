package dev.vertigan.nn;

import dev.vertigan.tensor.Tensor;
import java.util.Optional;

/// What becomes of the parameters' gradients in a pass backward.
///
/// @param gradients where they go; empty if only the gradient at the inputs is wanted
/// @param accumulate whether they are added to what is there
public record Into(Optional<Parameters> gradients, boolean accumulate) {

    /// They are not computed.
    public static final Into NOTHING = new Into(Optional.empty(), false);

    /// They replace what is there.
    public static Into fresh(Parameters gradients) {
        return new Into(Optional.of(gradients), false);
    }

    /// They are added to what is there.
    public static Into more(Parameters gradients) {
        return new Into(Optional.of(gradients), true);
    }

    boolean wanted() {
        return gradients.isPresent();
    }

    Tensor view(String name) {
        return gradients.orElseThrow().view(name);
    }
}
