package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vertigan.config.RunConfig;
import dev.vertigan.run.Safetensors;
import dev.vertigan.tensor.cuda.EmulatedCard;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A run on an emulated card, whose turns are replayed as graphs from the third on.
@Tag("long")
class EmulatedRunTest {

    static List<RunConfig> variety() {
        return Nd4jRunTest.variety();
    }

    @ParameterizedTest
    @MethodSource("variety")
    void itIsTheSimdRunButForRoundingAndTheSameEachTime(RunConfig config) {
        var found = Nd4jRunTest.play(config, EmulatedCard::kernels);
        Nd4jRunTest.assertTheSimdRunButForRounding(config, found);
        assertEquals(Safetensors.sha256(found), Safetensors.sha256(Nd4jRunTest.play(config, EmulatedCard::kernels)), "again");
    }

    @Test
    void soIsOneWhoseDSeesImagesAugmentedInPacksAndHowMuchTheyDiffer() {
        var convolving = variety().stream().filter(config -> config.discriminator().layers().getFirst().startsWith("conv")).findFirst();
        itIsTheSimdRunButForRoundingAndTheSameEachTime(Runs.with(convolving.orElseThrow(), "game.augmentation.flip=true",
                "game.augmentation.translate=0.2", "game.augmentation.cutout=0.4", "game.augmentation.colour=1", "game.pack=2",
                "discriminator.layers=conv 4 4x4 stride 2 leaky-relu, minibatch-deviation, output"));
    }
}
