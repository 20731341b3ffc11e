package dev.vertigan.game;

import dev.vertigan.tensor.Tensor;
import java.util.Optional;
import java.util.SortedMap;

/// All that decides how a player goes on.
///
/// @param updates updates made
/// @param tensors weights, running statistics, moments and moving averages by full name, as in `generator.m.0.weight`
public record PlayerState(long updates, SortedMap<String, Tensor> tensors) {

    /// A tensor by name. Earlier versions did not average batch norm's statistics: for an average of them that is not there, they stand
    /// themselves.
    Optional<Tensor> tensor(String name) {
        var saved = tensors.get(name);
        return Optional.ofNullable(saved != null || !name.contains(".running_") ? saved : tensors.get(name.replace(".ema.", ".")));
    }
}
