package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
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
                "  discriminator.layers: layer 1 \"konv 3\": expected dense, maxout, conv, deconv, batch-norm, dropout, reshape, upsample, downsample, "
                        + "residual, add or output, found \"konv\" (--set " + discriminator + ")",
                "  discriminator.layers: layer 2 \"deconv\": expected a number of channels, found \"the end\" (--set " + discriminator + ")"),
                message.lines().toList());
    }

    @Test
    void networksThatDoNotFitAnOpenedDataSetAreTold() {
        var config = load(new ConfigLoader(), "digits", "generator.layers=dense 10 tanh, output conv 3x3", "discriminator.layers=output sigmoid");
        var dataset = Datasets.open(config.data(), Downloads.Progress.NONE);
        String message = assertThrows(UserError.class, () -> Configurations.checkShapes(config, dataset)).getMessage();
        assertTrue(message.startsWith("the networks do not fit digits, whose samples are 28x28x1:\n  generator.layers: layer 1 "), message);
        assertTrue(message.contains("\n  discriminator.layers: expected \"output\" without activation"), message);
    }

    @Test
    void aDataSetIsOfTheShapeItsNameTells() {
        for (String name : List.of("digits", "ring", "grid", "gaussian")) {
            var data = load(new ConfigLoader(), "digits", "data.name=" + name, "data.modes=9").data();
            assertEquals(List.of(Datasets.open(data, Downloads.Progress.NONE).shape()[0]), List.of(Datasets.shape(data).orElseThrow()[0]), name);
        }
    }
}
