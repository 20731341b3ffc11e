package dev.vertigan.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vertigan.data.Dataset;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a run is; nothing in it changes while it goes on.
///
/// @param name the run's name, as its folder's
/// @param begun the live settings that it was begun with, by path
/// @param latent dimensions of z
/// @param parametersG trainable values of the generator
/// @param parametersD trainable values of the discriminator
/// @param kernels which kernels and BLAS compute it, in words
/// @param started when this process began
/// @param folder the run's folder
public record RunInfo(String name, Data data, Game game, Map<String, JsonNode> begun, long seed, int batch, int latent, long parametersG,
        long parametersD, String kernels,
        String version, Instant started, String folder) {

    /// What the players play, and where that comes to rest.
    ///
    /// @param objective as the setting has it
    /// @param score D's mean score of a sample there; empty where only differences of logits count
    /// @param lossD D's loss there, nats
    /// @param lossG G's loss there
    /// @param leastD D's loss if it told all apart; empty if it has no bound
    public record Game(String objective, Optional<Double> score, double lossD, double lossG, Optional<Double> leastD) {}

    /// @param shape one sample's, without the batch
    /// @param size samples in an epoch
    /// @param modes centres of a mixture's components; empty for images
    /// @param columns what the coordinates of points are called, if they have names
    public record Data(String name, Dataset.Kind kind, List<Integer> shape, long size, List<List<Double>> modes, List<String> columns) {

        public Data {
            columns = List.copyOf(columns);
            shape = List.copyOf(shape);
            modes = modes.stream().map(List::copyOf).toList();
        }
    }
}
