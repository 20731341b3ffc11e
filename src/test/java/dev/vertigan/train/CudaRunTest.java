package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.cuda.Device;
import dev.vertigan.cuda.NoDevice;
import dev.vertigan.run.Safetensors;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whole runs on a card are the runs of the other kernels but for rounding, and the same each time. Skipped where there is no card.
class CudaRunTest {

    @BeforeAll
    static void aCard() {
        try {
            Device.find();
        } catch (NoDevice e) {
            assumeTrue(false, "no card to test on: " + e.getMessage());
        }
    }

    static List<RunConfig> variety() {
        return Nd4jRunTest.variety();
    }

    @ParameterizedTest
    @MethodSource("variety")
    void itIsTheSimdRunButForRoundingAndTheSameEachTime(RunConfig config) {
        var found = Nd4jRunTest.play(config, () -> Backend.open(Choice.Kernels.CUDA, 1));
        Nd4jRunTest.assertTheSimdRunButForRounding(config, found);
        assertEquals(Safetensors.sha256(found), Safetensors.sha256(Nd4jRunTest.play(config, () -> Backend.open(Choice.Kernels.CUDA, 1))), "again");
    }
}
