package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.table.TableResult;
import dev.vertigan.table.TableSpec;
import dev.vertigan.table.TableSpec.Row;
import dev.vertigan.table.TableText;
import dev.vertigan.values.Metric;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs that were never trained, beside what needs none.
class MeasuredTableTest {

    @TempDir
    Path folder;

    private TableResult table(String... settings) {
        var rows = List.of(settings).stream().map(setting -> new Row("ring", Optional.empty(), 10, List.of(setting))).toList();
        var cells = rows.stream().map(row -> new MeasuredTable.Cell(row, 1, folder.resolve("none"),
                new ConfigLoader().load("ring", Optional.empty(), row.settings().stream().map(Assignment::parse).toList()))).toList();
        var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        return MeasuredTable.of(new TableSpec("t", "t", List.of(Metric.MODES), rows, List.of(TableSpec.Baseline.CENTROIDS), List.of()), cells,
                Optional.of(100), new Console(nowhere, nowhere, false));
    }

    @Test
    void eachDataSetHasItsRealSamplesAndBaselines() {
        var measured = table("data.modes=4", "data.modes=8", "data.modes=4").measured();
        assertEquals(List.of("real data of ring, data.modes=4", "k-means centroids of the training data of ring, data.modes=4",
                "real data of ring, data.modes=8", "k-means centroids of the training data of ring, data.modes=8"),
                measured.stream().map(TableResult.Measured::name).toList());
        assertEquals(List.of(4.0, 4.0, 8.0, 8.0), measured.stream().map(row -> row.figures().get(Metric.MODES)).toList());
    }

    /// What pixels are scaled to makes no other data.
    @Test
    void oneDataSetHasThemOnce() {
        var result = table("data.scale=unit", "data.scale=symmetric");
        assertEquals(List.of("real data", "k-means centroids of the training data"),
                result.measured().stream().map(TableResult.Measured::name).toList());
        assertEquals(2, new TableText(result).markdown().lines().filter(line -> line.contains("| failed |")).count(), "no run has any figures");
    }
}
