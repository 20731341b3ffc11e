package dev.vertigan.evaluation;

import java.util.function.Supplier;

/// Asked now and then by long work whether its result is still wanted.
@FunctionalInterface
public interface Patience {

    Patience ENDLESS = () -> {};

    /// @throws java.util.concurrent.CancellationException if it is not
    void check();

    /// Does work that may be one long piece, and touches nothing but the heap: who has lost patience need not wait for its end.
    ///
    /// @throws java.util.concurrent.CancellationException if the result is not wanted any more
    default <T> T apart(Supplier<T> work) {
        return work.get();
    }
}
