package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.values.Scene;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ScenesTest {

    private static Scene scene(long step) {
        return new Scene(step, "[]", new byte[100]);
    }

    @Test
    void manyAreThinnedTheNewestStayAndTheBudgetHolds() {
        var scenes = new Scenes(1_000);
        LongStream.rangeClosed(1, 500).forEach(step -> scenes.add(scene(step)));
        var steps = scenes.steps();
        assertEquals(10, steps.size());
        assertEquals(1, steps.getFirst());
        assertEquals(500, steps.getLast());
        assertTrue(steps.get(2) < 400, () -> "some of the past is kept: " + steps);
    }

    @Test
    void aRunThatGoesBackTakesItsScenesWithIt() {
        var scenes = new Scenes(1_000);
        LongStream.of(10, 20, 30, 20).forEach(step -> scenes.add(scene(step)));
        assertEquals(List.of(10L, 20L), scenes.steps());
        LongStream.rangeClosed(21, 28).forEach(step -> scenes.add(scene(step)));
        assertEquals(10, scenes.steps().size(), "what went is not counted");
    }

    @Test
    void oneThatIsTooLargeForTheBudgetIsKeptAlone() {
        var scenes = new Scenes(10);
        scenes.add(scene(1));
        scenes.add(scene(2));
        assertEquals(List.of(2L), scenes.steps());
    }
}
