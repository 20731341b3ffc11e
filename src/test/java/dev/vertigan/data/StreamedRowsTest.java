package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Downloads.Progress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamedRowsTest {

    private static final int EPOCH = 30;

    /// Rows that are their own numbers.
    private static final class Numbered implements Rows {

        private final List<Long> ends = new ArrayList<>();
        private long size;

        @Override
        public long size() {
            return size;
        }

        @Override
        public void read(long row, byte[] into) {
            ByteBuffer.wrap(into).putFloat(row);
        }

        @Override
        public OptionalLong at(long epoch) {
            return epoch < ends.size() ? OptionalLong.of(ends.get((int) epoch)) : OptionalLong.empty();
        }

        @Override
        public long begin(long epoch) {
            if (epoch == ends.size()) {
                ends.add(size);
            }
            return ends.get((int) epoch);
        }
    }

    private static Dataset stream(long window) {
        return Datasets.open(new RunConfig.Data(Choice.DataSet.STREAM, "", EPOCH, Choice.Scale.UNIT, 4, 1, 1, 1, 1, "x",
                new RunConfig.Streamed(window, 1000, 1), 0), Progress.NONE);
    }

    /// Each epoch sees the newest rows that there were when it began, each as often as any other, and nothing that came later or was forgotten.
    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 100})
    void anEpochSeesTheNewestRowsThereWereWhenItBegan(long window) {
        var rows = new Numbered();
        var random = new Random(window);
        var order = stream(window).reading(rows).order(5);
        rows.size = 1;
        for (int epoch = 0; epoch < 40; epoch++) {
            long end = rows.size;
            long first = window == 0 ? 0 : Math.max(0, end - window);
            var counts = new long[(int) (end - first)];
            for (int place = 0; place < EPOCH; place++) {
                counts[(int) (order.index(epoch * EPOCH + place) - first)]++;
                rows.size += random.nextInt(2); // meanwhile more comes
            }
            long least = EPOCH / counts.length;
            assertTrue(LongStream.of(counts).allMatch(count -> count == least || count == least + 1), () -> "epoch of " + counts.length);
        }
    }

    @Test
    void theOrderIsAPureFunctionOfTheSeedAndWhatWasThere() {
        var rows = new Numbered();
        rows.size = 9;
        var order = stream(5).reading(rows).order(5);
        long[] once = new long[3 * EPOCH];
        for (int i = 0; i < once.length; i++) {
            rows.size++;
            once[i] = order.index(i);
        }
        rows.size += 1000;
        var again = stream(5).reading(rows).order(5);
        assertArrayEquals(once, LongStream.range(0, once.length).map(again::index).toArray());
        var backwards = LongStream.range(0, once.length).map(i -> again.index(once.length - 1 - i)).toArray();
        for (int i = 0; i < once.length; i++) {
            assertEquals(once[i], backwards[once.length - 1 - i]);
        }
    }

    @Test
    void everyEpochHasAnOrderOfItsOwn() {
        var rows = new Numbered();
        rows.size = EPOCH;
        var order = stream(0).reading(rows).order(5);
        long epochs = 20;
        assertEquals(epochs, LongStream.range(0, epochs)
                .mapToObj(epoch -> LongStream.range(0, EPOCH).map(place -> order.index(epoch * EPOCH + place)).boxed().toList()).distinct().count());
    }

    @Test
    void whatIsSeenNowIsADataSetThatStays() {
        var rows = new Numbered();
        rows.size = 9;
        var stream = stream(4).reading(rows);
        assertEquals(4, stream.after(0).size());
        assertEquals(5, stream.order(1).index(0) < 5 ? 0 : 5, "the window's first");
        var seen = stream.after(1);
        rows.size = 100;
        assertEquals(seen, stream.after(EPOCH));
        float[] first = new float[1];
        seen.read(0, first, 0);
        assertEquals(5, first[0]);
        assertThrows(IndexOutOfBoundsException.class, () -> seen.read(4, first, 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "a.csv; x,y\\n1,2\\n3; number in column y of line", "a.csv; x\\n1; expected a column y", "a.csv; x,y\\n1,NaN; finite number",
        "a.csv; x,y; expected rows, found none", "a.json; {\"rows\": [[1,2],[3]]}; row 1: expected 2 finite numbers, [x, y], found 1 values",
        "a.json; {\"rows\": [[1,\"2\"]]}; row 0: expected 2 finite numbers", "a.json; {\"rows\": [[1,1e99]]}; row 0: expected 2 finite numbers",
        "a.json; [[1,2]]; expected {\"rows\"", "a.json; {\"rows\": []}; expected rows, found none", "a.npy; what; expected an array",
        "a.png; what; found an image", "a.exe; what; expected rows as csv"})
    void rowsOfAnotherShapeAreRefusedInWords(String name, String content, String expected) {
        var form = new RowForm(List.of("x", "y"), 4, 1);
        byte[] bytes = content.replace("\\n", "\n").getBytes(StandardCharsets.UTF_8);
        String message = assertThrows(UserError.class, () -> form.read(name, bytes)).getMessage();
        assertTrue(message.contains(name) && message.contains(expected), message);
    }

    @Test
    void rowsAreReadAsTheyAre() {
        var form = new RowForm(List.of("x", "y"), 4, 1);
        for (var file : List.of("{\"rows\": [[1.5, -2], [3, 4e2]]}", "y,z,x\n-2,,1.5\n400,,3\n")) {
            var rows = form.read(file.startsWith("{") ? "a.json" : "a.csv", file.getBytes(StandardCharsets.UTF_8));
            float[] points = new float[4];
            form.decode(rows.getFirst(), points, 0);
            form.decode(rows.getLast(), points, 2);
            assertArrayEquals(new float[] {1.5f, -2, 3, 400}, points);
        }
        var images = new RowForm(List.of(), 4, 1);
        byte[] row = images.read("a.png", Images.encode(Images.noise(4, 4, 1), "png")).getFirst();
        assertEquals(16, row.length);
        assertThrows(UserError.class, () -> images.read("a.csv", new byte[0]));
    }

    /// The ring's Gaussians turn together, and what is drawn of them is of the mixture that [Dataset#after] says.
    @Test
    void theRingTurns() {
        var ring = new TurningRing(4, 2, 1e-6, 100, 1000);
        var order = ring.order(3);
        for (long sample : new long[] {0, 1, 250, 333, 1000, 123_456_789}) {
            float[] x = new float[2];
            ring.read(order.index(sample), x, 0);
            double[] centre = ((Mixture) ring.after(sample)).modes().centres()[ring.label(order.index(sample))];
            assertEquals(centre[0], x[0], 1e-4);
            assertEquals(centre[1], x[1], 1e-4);
        }
        double[] quarter = ((Mixture) ring.after(250)).modes().centres()[0];
        assertEquals(0, quarter[0], 1e-12);
        assertEquals(2, quarter[1], 1e-12);
    }
}
