package dev.vertigan.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.RunConfig.Optimiser;
import dev.vertigan.data.Dataset;
import java.util.Arrays;
import java.util.List;

/// A game as peers are told of it.
///
/// @param shape of a sample
/// @param threads that compute
record PeerGame(int batch, int latent, List<Integer> shape, List<String> generator, List<String> discriminator, Adam generatorAdam,
        Adam discriminatorAdam, String schedule, int threads) {

    record Adam(double rate, double beta1, double beta2, double epsilon) {

        static Adam of(Optimiser optimiser) {
            return new Adam(optimiser.rate().at(0), optimiser.beta1(), optimiser.beta2().at(0), optimiser.epsilon());
        }
    }

    static PeerGame of(RunConfig config, Dataset dataset) {
        int threads = config.compute().threads();
        return new PeerGame(config.batch(), config.latent().size(), Arrays.stream(dataset.shape()).boxed().toList(), config.generator().layers(),
                config.discriminator().layers(), Adam.of(config.generator().optimiser()), Adam.of(config.discriminator().optimiser()),
                config.game().schedule().written(), threads == 0 ? Runtime.getRuntime().availableProcessors() : threads);
    }

    String toJson() {
        try {
            return new ObjectMapper().writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of numbers and words has a JSON form", e);
        }
    }
}
