package dev.vertigan.game;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.DoubleNode;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.InvalidEdit;
import dev.vertigan.nn.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Penalties may be edited while a run goes on, so what they ask of D is asked again then.
class LivePenaltyTest {

    @Test
    void aPenaltyThatDDoesNotFitIsRefusedWithWhatToDo() {
        var config = new ConfigLoader().load("ring-2014", Optional.empty(),
                List.of(Assignment.parse("discriminator.layers=dense 4, batch-norm leaky-relu, output")));
        var fits = Discriminator.fits(Shape.of(2));
        for (var penalty : List.of("r1", "r2", "gp")) {
            var refused = assertThrows(InvalidEdit.class, () -> config.with(Map.of("game.penalty." + penalty, DoubleNode.valueOf(1)), fits));
            assertTrue(refused.problems().getFirst().startsWith("discriminator.layers: expected linear pieces"), refused.getMessage());
            assertTrue(refused.problems().getFirst().contains("batch-norm"), refused.getMessage());
        }
        var approximated = config.with(Map.of("game.penalty.r1", DoubleNode.valueOf(1), "game.penalty.noise", DoubleNode.valueOf(0.01)), fits);
        assertEquals(0.01, approximated.game().penalty().noise());
    }
}
