package dev.vertigan.run;

import java.util.Locale;
import java.util.Objects;

/// A NaN or an infinity in what should have been saved. Nothing was written; the last good checkpoint stands.
public final class NonFiniteValue extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long step;
    private final String tensor;
    private final long index;
    private final double value;

    NonFiniteValue(long step, String tensor, long index, double value) {
        super(String.format(Locale.ROOT, "%s: expected finite values, found %s at index %d at step %d", tensor, value, index, step));
        this.step = step;
        this.tensor = tensor;
        this.index = index;
        this.value = value;
    }

    /// What was expected and found; there always is one.
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    public long step() {
        return step;
    }

    /// The tensor's name in the checkpoint.
    public String tensor() {
        return tensor;
    }

    /// The first offending element, counted in row-major order.
    public long index() {
        return index;
    }

    public double value() {
        return value;
    }
}
