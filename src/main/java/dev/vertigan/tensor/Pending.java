package dev.vertigan.tensor;

/// A value on its way from where kernels compute.
@FunctionalInterface
public interface Pending<T> {

    /// The value; waits for what computes it.
    T get();

    /// Whether [#get] would not wait.
    default boolean ready() {
        return true;
    }

    /// A value that is at hand.
    static <T> Pending<T> of(T value) {
        return () -> value;
    }
}
