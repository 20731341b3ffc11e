package dev.vertigan.train;

import dev.vertigan.values.Status;
import java.util.Optional;

/// How a run ended.
///
/// @param weightsSha256 over all weights, moments and averages, if it made all its turns
/// @param failure why it stands, if it failed
public record Outcome(Optional<String> weightsSha256, Optional<Status.Failure> failure) {}
