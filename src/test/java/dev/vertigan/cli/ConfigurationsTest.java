package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ConfigurationsTest {

    static final List<String> PRESETS = ConfigLoader.PRESETS;

    private static RunConfig load(ConfigLoader loader, String preset, String... assignments) {
        return loader.load(preset, Optional.empty(), List.of(assignments).stream().map(Assignment::parse).toList());
    }

    @ParameterizedTest
    @FieldSource("PRESETS")
    void thePresetsNetworksFitTheirData(String preset) {
        load(Configurations.LOADER, preset);
    }

    @Test
    void allThatIsWrongWithBothNetworksIsToldAtOnceWithItsSource() {
        String generator = "generator.layers=reshape 2x2x2, output";
        String discriminator = "discriminator.layers=conv 8 31x31, konv 3, deconv, output tanh";
        String message = assertThrows(UserError.class, () -> load(Configurations.LOADER, "digits", generator, discriminator)).getMessage();
        assertEquals(List.of("the configuration has 3 problems:",
                "  generator.layers: layer 0 \"reshape 2x2x2\": expected 8 values, found 64 (64) (--set " + generator + ")",
                "  discriminator.layers: layer 1 \"konv 3\": expected dense, maxout, conv, deconv, batch-norm, dropout, reshape, upsample, "
                        + "downsample, scale, minibatch-deviation, residual, add or output, found \"konv\" (--set " + discriminator + ")",
                "  discriminator.layers: layer 2 \"deconv\": expected a number of channels, found \"the end\" (--set " + discriminator + ")"),
                message.lines().toList());
    }

    @Test
    void whatFitsDependsOnTheData() {
        String layers = "generator.layers=dense 1024, reshape 8x8x16, output deconv 4x4 stride 2";
        assertEquals(16, load(Configurations.LOADER, "digits", "data.name=images", "data.dir=mine", "data.extent=16", layers).data().extent());
        String message = assertThrows(UserError.class, () -> load(Configurations.LOADER, "digits", "data.name=cifar10", layers)).getMessage();
        assertTrue(message.contains("expected to give 32x32x3, found 16x16x3"), message);
    }
}
