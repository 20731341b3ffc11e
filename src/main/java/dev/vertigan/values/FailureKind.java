package dev.vertigan.values;

/// What sort of thing went wrong: an exception's type does not travel, this does.
public enum FailureKind {

    /// A command that does not fit the run's state.
    CONFLICT,

    /// A command that makes no sense, as a value out of range.
    INVALID,

    /// More than there is room for now; later there may be.
    FULL,

    /// A number of the training is NaN or infinite.
    NON_FINITE,

    /// The memory, of the heap or beside it, is used up.
    OUT_OF_MEMORY,

    /// A file or folder cannot be read or written, or is not what it should be.
    FILES,

    /// What nobody thought of.
    DEFECT
}
