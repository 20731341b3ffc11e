package dev.vertigan.nn;

/// What a forward pass is for.
///
/// @param training dropout drops and batch norm uses the minibatch's own statistics; else neither
/// @param tracking batch norm's running statistics learn from this pass (only with training)
/// @param step the turn, for dropout's random numbers
/// @param phase which pass of the turn, in [0, 256): passes of one turn draw different masks
public record Pass(boolean training, boolean tracking, long step, int phase) {

    /// For sampling: no randomness, running statistics.
    public static final Pass INFERENCE = new Pass(false, false, 0, 0);
}
