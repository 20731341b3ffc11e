package dev.vertigan.game;

import java.util.Locale;
import java.util.Objects;

/// A value that is not a number or not finite turned up in training.
public final class NonFinite extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final long step;

    /// @param where the tensor or value, as in `discriminator.gradient.2.weight`
    public NonFinite(long step, String where) {
        super(String.format(Locale.ROOT, "%s: expected finite numbers, found NaN or infinity at step %d", where, step));
        this.step = step;
    }

    /// What was expected and found; there always is one.
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    /// The turn it happened in.
    public long step() {
        return step;
    }
}
