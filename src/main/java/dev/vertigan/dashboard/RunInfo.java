package dev.vertigan.dashboard;

import dev.vertigan.data.Dataset;
import java.time.Instant;
import java.util.List;

/// What a run is; nothing in it changes while it goes on.
///
/// @param name the run's name, as its folder's
/// @param latent dimensions of z
/// @param parametersG trainable values of the generator
/// @param parametersD trainable values of the discriminator
/// @param kernels which kernels and BLAS compute it, in words
/// @param started when this process began
/// @param folder the run's folder
public record RunInfo(String name, Data data, long seed, int batch, int latent, long parametersG, long parametersD, String kernels,
        String version, Instant started, String folder) {

    /// @param shape one sample's, without the batch
    /// @param size samples in an epoch
    /// @param modes centres of a mixture's components; empty for images
    public record Data(String name, Dataset.Kind kind, List<Integer> shape, long size, List<List<Double>> modes) {

        public Data {
            shape = List.copyOf(shape);
            modes = modes.stream().map(List::copyOf).toList();
        }
    }
}
