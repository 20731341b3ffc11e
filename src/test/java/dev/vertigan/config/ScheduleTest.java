package dev.vertigan.config;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {

    private static final double CLOSE = 1e-12;

    private static Schedule random(Random random) {
        var pieces = new ArrayList<Schedule.Piece>();
        double value = Math.exp(random.nextGaussian());
        double start = value;
        long at = 0;
        for (int i = random.nextInt(4); i > 0; i--) {
            at += 1 + (random.nextBoolean() ? random.nextInt(999) : random.nextInt(99) * 10_000L);
            var shape = Schedule.Shape.values()[random.nextInt(4)];
            value = shape == Schedule.Shape.CONSTANT ? value : Math.exp(random.nextGaussian());
            pieces.add(new Schedule.Piece(shape, value, at));
        }
        return new Schedule(start, pieces);
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        var random = new Random(1);
        for (int i = 0; i < 300; i++) {
            var schedule = random(random);
            assertEquals(schedule, Schedule.of(schedule.written()), schedule.toString());
        }
    }

    /// It has each piece's value at its end, stays between the values of its ends, and does not jump.
    @Test
    void goesFromValueToValue() {
        var random = new Random(2);
        for (int i = 0; i < 300; i++) {
            var schedule = random(random);
            assertEquals(schedule.start(), schedule.at(0), schedule.toString());
            double from = schedule.start();
            long began = 0;
            for (var piece : schedule.pieces()) {
                assertEquals(piece.to(), schedule.at(piece.at()), CLOSE, schedule.toString());
                double between = schedule.at(began + (long) ((piece.at() - began) * random.nextDouble()));
                assertTrue(between >= Math.min(from, piece.to()) - CLOSE && between <= Math.max(from, piece.to()) + CLOSE, schedule.toString());
                from = piece.to();
                began = piece.at();
            }
            assertEquals(from, schedule.at(Long.MAX_VALUE), schedule.toString());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"8, linear to 2 at 1k; 250; 6.5", "8, linear to 2 at 1k; 2000; 2", "8, cosine to 2 at 3M; 1000000; 6.5",
        "8, exponential to 2 at 400; 200; 4", "8, constant until 300, exponential to 2 at 700; 500; 4", "0, linear to 1 at 1.5k; 750; 0.5",
        "8, constant until 300, exponential to 2 at 700; 299; 8", "7e-1; 5; 0.7", "0, linear to 50k at 1M; 500000; 25000"})
    void followsItsFormula(String text, long images, double value) {
        assertEquals(value, Schedule.parse(text).at(images), CLOSE);
    }

    @Test
    void turnsCountFromOneAndSeeABatchEach() {
        var schedule = Schedule.parse("8, linear to 2 at 600");
        assertAll(() -> assertEquals(8, schedule.at(1, 100)), () -> assertEquals(7, schedule.at(2, 100), CLOSE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "fast", "1, linear", "1, linear to 2", "1, linear to 2 at", "1, linear to 2 at soon", "1, linear to 2 at 5, ",
        "1, linear to x at 5", "1, cubic to 2 at 5", "1, constant until 5, linear to 2 at 5", "1, linear to 2 at 0", "0, exponential to 1 at 5",
        "1, exponential to 0 at 5", "1, linear to 2 at 1e99", "1e999", "1, linear to 1e999 at 5", "NaN", "1, constant to 2 at 5"})
    void whatIsNoneIsRefusedWithWhatWasExpected(String text) {
        var message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> Schedule.parse(text)).getMessage());
        assertTrue(message.startsWith("expected "), message);
        assertTrue(message.contains(", found "), message);
    }

    @Test
    void everyValueMustFitItsSetting() {
        for (var bad : List.of("0.001, linear to 0 at 1k", "0.001, linear to -1 at 1k, linear to 1 at 2k")) {
            var error = assertThrows(UserError.class, () -> new ConfigLoader().read(
                    "{\"generator\": {\"optimiser\": {\"rate\": \"" + bad + "\"}}}", "config.json", List.of()));
            assertTrue(error.getMessage().contains("expected a number above 0, found "), error.getMessage());
            assertTrue(error.getMessage().contains("in \"" + bad + "\""), error.getMessage());
        }
    }
}
