package dev.vertigan.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.RunConfig.Optimiser;
import dev.vertigan.data.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// A game as peers are told of it.
///
/// @param shape of a sample
/// @param r1 γ of R1, 0 for none
/// @param r2 γ of R2, 0 for none
/// @param threads that compute
/// @param beyond settings that a game here does not tell of: no peer plays with them
record PeerGame(int batch, int latent, List<Integer> shape, List<String> generator, List<String> discriminator, Adam generatorAdam,
        Adam discriminatorAdam, String schedule, String objective, double r1, double r2, int threads, List<String> beyond) {

    private static final Predicate<String> TOLD = Pattern.compile("batch|steps|(data|latent|compute|samples|report|checkpoint)\\..*"
            + "|(generator|discriminator)\\.(layers|optimiser\\.(name|rate|beta1|beta2|epsilon))"
            + "|game\\.(schedule|objective|penalty\\.r[12])").asMatchPredicate();

    record Adam(double rate, double beta1, double beta2, double epsilon) {

        static Adam of(Optimiser optimiser) {
            return new Adam(optimiser.rate().at(0), optimiser.beta1(), optimiser.beta2().at(0), optimiser.epsilon());
        }
    }

    /// @param paths of the settings with which the configuration differs from its preset
    static PeerGame of(RunConfig config, Dataset dataset, List<String> paths) {
        int threads = config.compute().threads();
        return new PeerGame(config.batch(), config.latent().size(), Arrays.stream(dataset.shape()).boxed().toList(), config.generator().layers(),
                config.discriminator().layers(), Adam.of(config.generator().optimiser()), Adam.of(config.discriminator().optimiser()),
                config.game().schedule().written(), config.game().objective().written(), config.game().penalty().r1().at(0),
                config.game().penalty().r2().at(0), threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                paths.stream().filter(TOLD.negate()).toList());
    }

    String toJson() {
        try {
            return new ObjectMapper().writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of numbers and words has a JSON form", e);
        }
    }
}
