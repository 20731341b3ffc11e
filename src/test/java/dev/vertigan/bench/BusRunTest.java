package dev.vertigan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BusRunTest {

    @TempDir
    Path folder;

    @Test
    void aBlocksReportIsOfItsLastTurnWhateverWasPlayedBefore() throws IOException {
        var workload = Workload.ALL.stream().filter(each -> each.name().equals("ring-128")).findFirst().orElseThrow().withBatch(4);
        var config = workload.config(folder, List.of("generator.layers=output", "discriminator.layers=output"));
        try (var run = new BusRun(config, Datasets.open(config.data(), Downloads.Progress.NONE), folder.resolve("run"))) {
            for (int turns : new int[] {4, 7, 7, 5}) {
                assertTrue(run.millisPerTurn(turns) > 0);
            }
        }
        // 4; 3 to come to 7 and 7 more; 7; 4 to come to 25 and 5 more.
        var steps = Files.readAllLines(folder.resolve("run/metrics.jsonl")).stream().map(line -> line.replaceAll(".*\"step\":(\\d+).*", "$1"))
                .toList();
        assertEquals(List.of("4", "7", "14", "21", "25", "30"), steps);
    }
}
