package dev.vertigan.values;

/// Asks the program to play another run in place of this one, which is saved and closed. Answered when the other is found fit to be played.
///
/// @param name of its folder, beside this run's
public record OpenRun(String name) implements Request<OpenRun.Opening> {

    /// It will be played in a moment, at the same address.
    public record Opening(String name) {}
}
