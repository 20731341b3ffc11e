package dev.vertigan.tensor;

/// What memory is asked for.
public enum Access {
    /// It is left as it is.
    READ,
    /// It is changed.
    UPDATE,
    /// All of it is written.
    WRITE
}
