package dev.vertigan.evaluation;

/// Asked now and then by long work whether its result is still wanted.
@FunctionalInterface
public interface Patience {

    Patience ENDLESS = () -> {};

    /// @throws java.util.concurrent.CancellationException if it is not
    void check();
}
