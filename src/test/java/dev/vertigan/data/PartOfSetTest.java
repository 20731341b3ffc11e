package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets.Split;
import dev.vertigan.data.Downloads.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A share of a table is kept out of training.
class PartOfSetTest {

    private static final int ROWS = 101;

    @TempDir
    Path folder;

    private Dataset open(String heldOut, Split split) throws IOException {
        var file = folder.resolve("x.csv");
        Files.writeString(file, "x\n" + String.join("\n", IntStream.range(0, ROWS).mapToObj(Integer::toString).toList()) + "\n");
        var config = new ConfigLoader().load("ring", Optional.empty(),
                List.of(Assignment.parse("data.name=table"), Assignment.parse("data.columns=x"),
                        Assignment.parse("data.dir=" + file), Assignment.parse("data.heldOut=" + heldOut)));
        return Datasets.open(config.data(), split, Progress.NONE);
    }

    private static float[] values(Dataset data) {
        float[] values = new float[(int) data.size()];
        for (int i = 0; i < values.length; i++) {
            data.read(i, values, i);
        }
        return values;
    }

    @Test
    void thePartsHaveNothingInCommonAndAreTheWhole() throws IOException {
        var train = values(open("0.2", Split.TRAIN));
        var test = values(open("0.2", Split.TEST));
        assertEquals(20, test.length);
        assertEquals(sorted(values(open("0", Split.TRAIN))), sorted(train, test));
        float[] ordered = values(open("0", Split.TRAIN));
        assertTrue(ordered[0] < 0 && ordered[ROWS - 1] > 0, "the table is sorted");
        assertEquals(0, IntStream.range(0, test.length).mapToDouble(i -> test[i]).average().orElseThrow(), 0.7, "from all over it");
    }

    private static List<Float> sorted(float[]... parts) {
        return Stream.of(parts).flatMap(part -> IntStream.range(0, part.length).mapToObj(i -> part[i])).sorted().toList();
    }

    @Test
    void withoutTheSettingAllIsTrainedOn() throws IOException {
        assertEquals(ROWS, open("0", Split.TRAIN).size());
        assertThrows(UserError.class, () -> open("0", Split.TEST));
        assertNotEquals(open("0", Split.TRAIN).fingerprint(), open("0.2", Split.TRAIN).fingerprint(), "they are other data");
        assertArrayEquals(values(open("0.2", Split.TRAIN)), values(open("0.2", Split.TRAIN)));
        assertThrows(UserError.class, () -> open("0.001", Split.TRAIN), "of 101 that is none");
    }
}
