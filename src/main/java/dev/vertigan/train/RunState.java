package dev.vertigan.train;

import dev.vertigan.bus.StateRequest.State;
import dev.vertigan.tensor.Tensor;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// All that decides how a run goes on, as a checkpoint holds it.
///
/// @param step turns completed
/// @param batches minibatches of data used
record RunState(long step, long batches, State generator, State discriminator) {

    private static final String BATCHES = "batches";
    private static final String GENERATOR_UPDATES = "generator.updates";
    private static final String DISCRIMINATOR_UPDATES = "discriminator.updates";

    /// Reads a checkpoint's parts.
    static RunState of(long step, SortedMap<String, Tensor> tensors, Map<String, String> metadata) {
        return new RunState(step, number(metadata, BATCHES), new State(number(metadata, GENERATOR_UPDATES), tensors),
                new State(number(metadata, DISCRIMINATOR_UPDATES), tensors));
    }

    private static long number(Map<String, String> metadata, String key) {
        var text = metadata.get(key);
        if (text == null) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "checkpoint metadata: expected %s, found only %s", key, metadata.keySet()));
        }
        return Long.parseLong(text);
    }

    SortedMap<String, Tensor> tensors() {
        var tensors = new TreeMap<>(generator.tensors());
        tensors.putAll(discriminator.tensors());
        return tensors;
    }

    Map<String, String> metadata() {
        return Map.of(BATCHES, Long.toString(batches), GENERATOR_UPDATES, Long.toString(generator.updates()), DISCRIMINATOR_UPDATES,
                Long.toString(discriminator.updates()));
    }
}
