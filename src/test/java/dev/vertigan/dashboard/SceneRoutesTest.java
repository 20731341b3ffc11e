package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vertigan.bus.Addresses;
import dev.vertigan.values.Scene;
import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SceneRoutesTest {

    private static final Scene EARLIER = new Scene(10, "[]", new byte[] {1, 2, 3, 4});

    /// As a run's folder has it after the process that computed it has ended.
    private static final Samples KEPT = new Samples() {

        @Override
        public List<Long> steps() {
            return List.of(10L);
        }

        @Override
        public Optional<byte[]> read(long step, String suffix) {
            return step == 10 && suffix.equals("scene") ? Optional.of(EARLIER.file()) : Optional.empty();
        }
    };

    @Test
    void scenesOfAnEarlierProcessAreServedBesideTheNewOnes() {
        var kept = new Kept((_, _, _) -> List.of(), Samples.none(), KEPT, _ -> List.of(), Runs.none());
        try (var dashboard = new Dashboard(Dashboard.LOOPBACK, LiveLimits.DEFAULT, ConnectionLimits.ofProcess(), kept)) {
            var newer = new Scene(20, "[]", new byte[] {5, 6, 7, 8});
            dashboard.bus.publish(Addresses.SCENES, newer);
            while (dashboard.get("/api/scenes").json().getJsonArray("steps").size() < 2) {
                Thread.onSpinWait(); // it is on its way
            }
            assertEquals(new JsonArray(List.of(10, 20)), dashboard.get("/api/scenes").json().getJsonArray("steps"));
            assertArrayEquals(EARLIER.file(), dashboard.get("/api/scenes/10").bytes());
            assertArrayEquals(newer.file(), dashboard.get("/api/scenes/20").bytes());
            assertEquals(404, dashboard.get("/api/scenes/30").status());
        }
    }
}
