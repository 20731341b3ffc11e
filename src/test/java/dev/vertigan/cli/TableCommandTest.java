package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vertigan.run.Journal;
import dev.vertigan.run.RunReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableCommandTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private Shell table(String steps, String... more) {
        var words = new ArrayList<>(List.of("table", "--preset", "ring-2014", "--steps", steps, "--count", "500", "--set", "batch=32", "--dir",
                folder.toString(), "--jobs", "2"));
        words.addAll(List.of(more));
        return Shell.run(words.toArray(String[]::new));
    }

    private List<JsonNode> rows() throws IOException {
        return StreamSupport.stream(JSON.readTree(folder.resolve("table.json").toFile()).get("rows").spliterator(), false).toList();
    }

    /// A run of a table is a run as any other: `evaluate` finds the same figures. Called again with more turns and runs, the table goes on.
    @Test
    void aTableIsOfRunsAndGoesOnWhereItWas() throws IOException {
        var first = table("10", "--seeds", "1");
        assertEquals(0, first.code(), first.err());
        var run = folder.resolve("ring-2014-seed-1");
        var evaluated = Shell.run("evaluate", run.toString(), "--count", "500", "--sets", "1", "--json");
        var figures = JSON.readTree(evaluated.out()).get("figures");
        assertEquals(figures.get("modeKl").get("samples"), rows().getFirst().get("figures").get("modeKl").get("mean"));
        assertTrue(rows().getFirst().get("runs").get(0).get("cpuSeconds").asDouble() > 0);

        var second = table("20", "--seeds", "2");
        assertEquals(0, second.code(), second.err());
        assertEquals(List.of(Journal.Kind.START, Journal.Kind.RESUME), RunReader.journal(run).stream().map(Journal.Entry::kind)
                .filter(kind -> kind == Journal.Kind.START || kind == Journal.Kind.RESUME).toList());
        assertEquals(2, rows().getFirst().get("figures").get("modeKl").get("count").asInt());
        assertEquals(3, Files.readAllLines(folder.resolve("table.csv")).size());
        assertTrue(second.out().contains("| real data |"), second.out());

        var journal = Files.readString(run.resolve("journal.jsonl"));
        assertEquals(0, table("20", "--seeds", "2").code());
        assertEquals(journal, Files.readString(run.resolve("journal.jsonl")), "nothing was left to train");
    }

    @Test
    @Tag("long")
    void everyCombinationIsARowAndOneThatFailsIsTold() throws IOException {
        var shell = table("2", "--seeds", "1", "--vary", "game.realLabel=0.9", "--vary", "generator.optimiser.rate=0.001; 1e30, constant until 1M");
        assertEquals(0, shell.code(), shell.err());
        assertEquals(List.of("ring-2014, game.realLabel=0.9, generator.optimiser.rate=0.001",
                "ring-2014, game.realLabel=0.9, generator.optimiser.rate=1e30, constant until 1M"),
                rows().stream().map(row -> row.get("name").asText()).toList());
        assertEquals(List.of(true, false), rows().stream().map(row -> row.get("figures").has("modes")).toList());
        assertTrue(shell.err().contains("has failed at step"), shell.err());
        assertTrue(shell.out().contains("| failed |"), shell.out());
    }

    /// What a generator x = wz + b makes is a Gaussian, whose mean and deviation are read from it exactly.
    @Test
    @Tag("long")
    void everyGameHasItsGaussianBesideThoseOfDivergences() throws IOException {
        var shell = Shell.run("table", "divergences", "--seeds", "1", "--steps", "3", "--jobs", "2", "--dir", folder.toString());
        assertEquals(0, shell.code(), shell.err());
        var rows = JSON.readTree(folder.resolve("divergences.json").toFile()).get("rows");
        assertEquals(7, rows.size(), rows.toString());
        assertEquals(Math.sqrt(4.25), rows.get(0).get("deviation").asDouble(), 1e-4);
        assertTrue(Files.readString(folder.resolve("divergences.svg")).contains("minimax"));
    }

    @Test
    void aWrongCallMakesNothing() throws IOException {
        for (String[] call : new String[][] {{"table"}, {"table", "rings"}, {"table", "ring", "--seeds", "0"}, {"table", "ring", "--preset", "grid"},
            {"table", "--preset", "ring"}, {"table", "ring", "--vary", "batch"}, {"table", "ring", "--vary", "batch=64,0"},
            {"table", "mnist", "--only", "lsgan,ring"}}) {
            var words = new ArrayList<>(List.of(call));
            words.addAll(List.of("--dir", folder.resolve("none").toString()));
            var shell = Shell.run(words.toArray(String[]::new));
            assertEquals(2, shell.code(), String.join(" ", call) + ": " + shell.err());
            assertTrue(shell.err().contains("expected"), shell.err());
        }
        assertFalse(Files.exists(folder.resolve("none")));
    }
}
