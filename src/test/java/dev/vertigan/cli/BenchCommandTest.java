package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vertigan.bench.Measurement;
import dev.vertigan.bench.PeerMeasurement;
import dev.vertigan.bench.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {

    private static final Spread NONE = new Spread(Double.NaN, Double.NaN, Double.NaN);

    @TempDir
    Path folder;

    private static Measurement measurement(Spread alternatingRatio, Spread firstTurn, List<PeerMeasurement> peers) {
        return new Measurement("mlp-256", "G and D, batch 64", 64, "simultaneous", "kernels", new Spread(2, 1.5, 2.5), new Spread(1.9, 1.8, 2),
                new Spread(0.05, 0, 0.1), alternatingRatio, 32_000, 0.4, 250, 0.8, Map.of("matmul", 0.7, "copy", 0.001, "other", 0.299), firstTurn,
                new Spread(300, 300, 300), peers);
    }

    @Test
    void theTableTellsTimesRatiosAndWhoCannot() {
        var table = String.join("\n", BenchTable.lines(measurement(new Spread(1.25, 1.2, 1.3), new Spread(1500, 1400, 1600), List.of(
                new PeerMeasurement.Played("libtorch", "libtorch 2.10", new Spread(3, 2.9, 3.1), new Spread(1.5, 1.4, 1.6)),
                new PeerMeasurement.Refused("DJL", "no such layer")))));
        assertEquals("""

                mlp-256, simultaneous: G and D, batch 64
                  a turn over the bus   2.000 ms (1.500 to 2.500), 32,000 images/s
                  in a plain loop       1.900 ms (1.800 to 2.000); the bus is 5.0 % of a turn
                  alternating           1.25 (1.20 to 1.30) times as long a turn, in a plain loop
                  libtorch              3.000 ms (2.900 to 3.100), 1.50 (1.40 to 1.60) times ours; libtorch 2.10
                  DJL                   cannot: no such layer
                  arithmetic            0.400 GFLOP a turn; at the 250 GFLOP/s measured here that alone takes 1.600 ms: 80 % of a turn
                    matmul                    70.0 %
                    other                     29.9 %
                  `train`               first turn 1.50 s after its start (1.40 to 1.60); at most 300 MiB resident
                  kernels""", table);
    }

    @Test
    void whatWasNotMeasuredIsNotTold() {
        var table = String.join("\n", BenchTable.lines(measurement(NONE, NONE, List.of())));
        assertTrue(!table.contains("NaN") && !table.contains("train") && !table.contains("times as long"), table);
    }

    @Test
    void aMeasurementIsPrintedAndWritten() throws IOException {
        var json = folder.resolve("bench.json");
        var shell = Shell.run("bench", "--workload", "ring-128", "--schedule", "alternating", "--batch", "16", "--blocks", "2",
                "--block-millis", "1", "--starts", "1", "--json", json.toString());
        assertEquals(0, shell.code(), shell.err());
        var measured = new ObjectMapper().readTree(Files.readAllBytes(json));
        assertEquals(1, measured.size());
        double products = 2.0 * 16 * (2 * 128 + 128 * 128 + 128 * 2); // G's forward pass, twice in an alternating turn
        var first = measured.at("/0");
        assertAll(
                () -> assertTrue(shell.out().contains("ring-128, alternating"), shell.out()),
                () -> assertTrue(first.at("/turnMillis/median").asDouble() > 0, first::toString),
                () -> assertTrue(first.at("/gflopPerTurn").asDouble() * 1e9 > 2 * products, first::toString),
                () -> assertTrue(first.at("/firstTurnMillis/median").asDouble() > 0, first::toString),
                () -> assertTrue(!Files.exists(Path.of("/proc/self/status")) || first.at("/peakMebibytes/median").asDouble() > 50, first::toString),
                () -> assertTrue(first.at("/peers").isEmpty(), first::toString));
    }

    @Test
    void aSimultaneousTurnOfEachBatchIsComparedWithAnAlternatingOne() throws IOException {
        var json = folder.resolve("bench.json");
        var shell = Shell.run("bench", "--workload", "ring-128", "--schedule", "simultaneous", "--batch", "16", "--batch", "8", "--blocks", "1",
                "--block-millis", "1", "--starts", "0", "--json", json.toString());
        assertEquals(0, shell.code(), shell.err());
        assertTrue(shell.out().contains("times as long a turn"), shell.out());
        var measured = new ObjectMapper().readTree(Files.readAllBytes(json));
        assertEquals(List.of(16, 8), measured.findValues("batch").stream().map(JsonNode::asInt).toList());
        assertTrue(measured.at("/0/alternatingRatio/median").asDouble() > 0, shell.out());
        assertEquals(measured.at("/0/gflopPerTurn").asDouble() / 2, measured.at("/1/gflopPerTurn").asDouble(), 1e-12, "half the batch");
    }

    @Test
    void whatBrowsersCostIsPrintedAndWritten() throws IOException {
        var json = folder.resolve("watched.json");
        var shell = Shell.run("bench", "--workload", "ring", "--schedule", "alternating", "--browsers", "2", "--blocks", "1", "--block-millis", "1",
                "--json", json.toString());
        assertEquals(0, shell.code(), shell.err());
        assertTrue(shell.out().contains("ring, alternating, watched by 2 browsers, and by 1 more that never read"), shell.out());
        var measured = new ObjectMapper().readTree(Files.readAllBytes(json)).get(0);
        assertTrue(measured.at("/alone/median").asDouble() > 0 && measured.at("/watched/median").asDouble() > 0, measured::toString);
        if (Files.isReadable(Path.of("/proc/self/stat"))) {
            double share = measured.at("/serverWatched/median").asDouble();
            assertTrue(share >= 0 && share < 1 && shell.out().contains("of the run's processor time"), measured::toString);
        }
    }

    @Test
    void aWrongCallIsTold() {
        for (String[] call : new String[][] {{"bench", "--blocks", "0"}, {"bench", "--block-millis", "0"}, {"bench", "--starts", "-1"},
            {"bench", "--browsers", "0"},
            {"bench", "--workload", "mlp-12000"}}) {
            var shell = Shell.run(call);
            assertEquals(1, shell.code(), shell.err());
            assertTrue(shell.err().contains("expected"), shell.err());
        }
        assertTrue(Shell.run("bench", "--workload", "mlp-12000").err().contains("did you mean mlp-1200?"));
    }
}
