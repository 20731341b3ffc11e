package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.values.Picture.Source;
import dev.vertigan.values.ReportJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxTest {

    private final Outbox outbox = new Outbox(4);

    private JsonObject reports(long now) {
        return new JsonObject(assertInstanceOf(Outbox.Frame.Text.class, outbox.next(now, 50).orElseThrow()).text());
    }

    private Outbox.Frame.Image image(long now) {
        return assertInstanceOf(Outbox.Frame.Image.class, outbox.next(now, 50).orElseThrow());
    }

    private int report(long step) {
        return outbox.report(ReportJson.row(Dashboard.report(step)));
    }

    private static List<Integer> steps(JsonObject reports) {
        return reports.getJsonArray("rows").stream().map(row -> ((JsonArray) row).getInteger(0)).toList();
    }

    @Test
    void reportsAreGatheredIntoBatchesNoOftenerThanTheInterval() {
        report(1);
        report(2);
        var first = reports(100);
        assertEquals(List.of(1, 2), steps(first));
        assertFalse(first.containsKey("gap"));
        assertTrue(outbox.acknowledge(first.getLong("frame")));
        report(3);
        assertEquals(Optional.empty(), outbox.next(149, 50));
        assertEquals(List.of(3), steps(reports(150)));
    }

    @Test
    void ofEachKindOneFrameIsOnItsWay() {
        report(1);
        outbox.picture(Dashboard.picture(Source.FAKE, 1, 8));
        outbox.picture(Dashboard.picture(Source.REAL, 1, 8));
        long reports = reports(0).getLong("frame");
        long fake = image(0).number();
        long real = image(0).number();
        assertEquals(3, new HashSet<>(List.of(reports, fake, real)).size());
        report(2);
        outbox.picture(Dashboard.picture(Source.FAKE, 2, 8));
        assertEquals(Optional.empty(), outbox.next(1000, 50));
        assertTrue(outbox.acknowledge(fake));
        assertEquals(2, image(1000).picture().step());
        assertEquals(Optional.empty(), outbox.next(1000, 50));
        assertTrue(outbox.acknowledge(reports));
        assertEquals(List.of(2), steps(reports(1000)));
    }

    @Test
    void aNewerPictureReplacesOneThatWaits() {
        assertEquals(0, outbox.picture(Dashboard.picture(Source.FAKE, 1, 8)));
        assertEquals(0, outbox.picture(Dashboard.picture(Source.REAL, 1, 8)));
        assertEquals(1, outbox.picture(Dashboard.picture(Source.FAKE, 2, 8)));
        assertEquals(2, image(0).picture().step());
    }

    @Test
    void tooManyReportsLoseTheOldestAndTellSoOnce() {
        for (int step = 1; step <= 4; step++) {
            assertEquals(0, report(step));
        }
        assertEquals(1, report(5));
        var batch = reports(0);
        assertEquals(List.of(2, 3, 4, 5), steps(batch));
        assertEquals(true, batch.getBoolean("gap"));
        outbox.acknowledge(batch.getLong("frame"));
        report(6);
        assertFalse(reports(50).containsKey("gap"));
    }

    @Test
    void onlyTheNewestStatusWaitsAndItNeedsNoAcknowledgement() {
        outbox.status("old");
        outbox.status("new");
        assertEquals(Optional.of(new Outbox.Frame.Text("new")), outbox.next(0, 50));
        assertEquals(Optional.empty(), outbox.next(0, 50));
        assertEquals(Optional.empty(), outbox.waitingSince());
    }

    @Test
    void onlyWhatIsOnItsWayIsAcknowledgedAndOnlyOnce() {
        assertFalse(outbox.acknowledge(1));
        report(1);
        long frame = reports(70).getLong("frame");
        assertEquals(Optional.of(70L), outbox.waitingSince());
        assertFalse(outbox.acknowledge(frame + 1));
        assertTrue(outbox.acknowledge(frame));
        assertFalse(outbox.acknowledge(frame));
        assertEquals(Optional.empty(), outbox.waitingSince());
    }

    /// Whatever a client does: no frame too many on its way, everything taken or counted as lost, steps in order.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void nothingPilesUpAndNothingIsLostUncounted(long seed) {
        var random = new Random(seed);
        var onTheirWay = new ArrayList<Long>();
        int rows = 0;
        int images = 0;
        int lost = 0;
        int offered = 0;
        long last = 0;
        for (int now = 0; now < 20_000; now++) {
            switch (random.nextInt(4)) {
                case 0 -> lost += report(++offered);
                case 1 -> lost += outbox.picture(Dashboard.picture(random.nextBoolean() ? Source.FAKE : Source.REAL, ++offered, 1));
                case 2 -> {
                    if (!onTheirWay.isEmpty()) {
                        assertTrue(outbox.acknowledge(onTheirWay.remove(random.nextInt(onTheirWay.size()))));
                    }
                }
                default -> {
                    switch (outbox.next(now, 5).orElse(new Outbox.Frame.Text(""))) {
                        case Outbox.Frame.Sight sight -> onTheirWay.add(sight.number());
                        case Outbox.Frame.Image image -> {
                            images++;
                            onTheirWay.add(image.number());
                        }
                        case Outbox.Frame.Text(var text) when !text.isEmpty() -> {
                            var batch = new JsonObject(text);
                            for (int step : steps(batch)) {
                                assertTrue(step > last);
                                last = step;
                                rows++;
                            }
                            onTheirWay.add(batch.getLong("frame"));
                        }
                        case Outbox.Frame.Text _ -> {}
                    }
                }
            }
            assertTrue(onTheirWay.size() <= 3);
            int waiting = offered - lost - rows - images;
            assertTrue(waiting >= 0 && waiting <= 4 + 2, () -> "waiting");
        }
        assertTrue(rows > 1000 && images > 1000 && lost > 0);
    }
}
