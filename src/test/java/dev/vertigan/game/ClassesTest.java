package dev.vertigan.game;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClassesTest {

    private static RunConfig config(String... settings) {
        return new ConfigLoader().load("ring", Optional.empty(), Stream.of(settings).map(Assignment::parse).toList());
    }

    private static final RunConfig CONDITIONAL = config("generator.layers=dense 8 classes 8 relu, output",
            "discriminator.layers=output projection 8");

    @Test
    void bothPlayersKnowThem() {
        assertEquals(8, Classes.of(CONDITIONAL));
        assertEquals(Optional.empty(), Classes.disagreement(CONDITIONAL));
        assertEquals(Optional.empty(), Classes.disagreement(config()));
        for (var alone : List.of(config("generator.layers=output classes 8"), config("discriminator.layers=output projection 8"))) {
            assertTrue(Classes.disagreement(alone).orElseThrow().contains("name them in layers of both"));
        }
    }

    @Test
    void dataWithOthersOrNoneAreRefused() {
        assertDoesNotThrow(() -> Classes.check(CONDITIONAL, ring(8)));
        assertDoesNotThrow(() -> Classes.check(config(), ring(5)));
        var others = assertThrows(UserError.class, () -> Classes.check(CONDITIONAL, ring(5)));
        assertEquals("generator.layers: expected \"classes 5\", as many as ring has, found \"classes 8\"", others.getMessage());
    }

    private static Dataset ring(int modes) {
        return Datasets.open(config("data.modes=" + modes).data(), Downloads.Progress.NONE);
    }
}
