package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.vertigan.Instances;
import dev.vertigan.values.Command;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a run keeps does not grow with the turns it has played, the checkpoints it has saved and the commands it has obeyed.
class SoakTest {

    private static final int PLAYS = 3;
    private static final int COMMANDS = 100; // of each kind, a play
    private static final int TURNS = 5; // a step
    private static final int STEPS = 300; // more checkpoints and pictures than a megabyte holds: from there on their index grows no more

    @TempDir
    private Path folder;

    @Test
    void aLongRunKeepsNoMoreThanAShortOne() {
        try (var run = new Runs.Running(folder.resolve("run"), Runs.with(Runs.ring(0), "samples.budget=1", "checkpoint.budget=1")).startAtRest()) {
            for (int i = 0; i < STEPS; i++) {
                run.ask(new Command.Step(1));
            }
            play(run); // until all is loaded and has met once
            play(run);
            var before = Instances.now();
            for (int i = 0; i < PLAYS; i++) {
                play(run);
            }
            assertEquals("", Instances.now().grown(before, PLAYS * COMMANDS / 2));
        }
    }

    private static void play(Runs.Running run) {
        // Edits belong to the run's history and are kept: one.
        run.ask(new Command.Edit(Map.of("generator.optimiser.rate", DoubleNode.valueOf(1e-3), "report.every", IntNode.valueOf(1))));
        for (int i = 0; i < COMMANDS; i++) {
            run.ask(new Command.Step(TURNS));
            run.ask(new Command.SaveCheckpoint());
        }
    }
}
