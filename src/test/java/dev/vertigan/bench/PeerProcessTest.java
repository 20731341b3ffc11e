package dev.vertigan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.bench.PeerProcess.Answer;
import dev.vertigan.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerProcessTest {

    private static final PeerGame GAME = new PeerGame(4, 2, List.of(2), List.of("output"), List.of("output"), new PeerGame.Adam(1, 0, 0, 1),
            new PeerGame.Adam(1, 0, 0, 1), "alternating", "non-saturating", 0, 0, 1, List.of());

    @TempDir
    Path folder;

    private PeerProcess answering(String... answers) {
        var command = new ArrayList<>(List.of("-Xmx32m", ScriptedPeer.class.getName()));
        command.addAll(List.of(answers));
        return PeerProcess.start("the peer", System.getProperty("java.class.path"), command, folder.resolve("log"));
    }

    @Test
    void answersAreReadWithTheirWords() {
        assertEquals(new Answer.Ready("libtorch 2.10, channels last"), Answer.parse("ready libtorch 2.10, channels last"));
        assertEquals(new Answer.Cannot("no such layer"), Answer.parse("cannot no such layer"));
        assertEquals(new Answer.Millis(12.5), Answer.parse("millis 12.5"));
    }

    @Test
    void whatIsNoAnswerIsRefused() {
        for (var line : List.of("", "done", "millis", "millis soon", "Millis 3")) {
            assertThrows(IllegalArgumentException.class, () -> Answer.parse(line), line);
        }
    }

    @Test
    void aGameIsOpenedAndPlayed() throws IOException {
        try (var peer = answering("ready at once", "millis 40", "millis 21.5")) {
            assertEquals(new Answer.Ready("at once"), peer.open(GAME));
            assertEquals(40, peer.play(20));
            assertEquals(21.5, peer.play(10));
        }
        assertEquals(List.of("asked open " + GAME.toJson(), "asked play 20", "asked play 10"),
                Files.readAllLines(folder.resolve("log")).subList(0, 3));
    }

    @Test
    void whoEndsUnaskedIsQuoted() {
        try (var peer = answering("ready for one")) {
            peer.open(GAME);
            var error = assertThrows(UserError.class, () -> peer.play(1));
            assertTrue(error.getMessage().startsWith("the peer: expected an answer to \"play 1\", found its end"), error.getMessage());
            assertTrue(error.getMessage().endsWith("out of answers"), error.getMessage());
        }
    }

    @Test
    void whoAnswersSomethingElseIsTold() {
        try (var peer = answering("ready", "ready again", "hello")) {
            peer.open(GAME);
            assertTrue(assertThrows(UserError.class, () -> peer.play(3)).getMessage().contains("expected how long 3 turns took"));
            assertTrue(assertThrows(UserError.class, () -> peer.play(3)).getMessage().contains("found \"hello\""));
        }
    }

    @Test
    void withoutJarsThePersonIsToldHowToBuildThem() {
        for (var place : List.of(folder, folder.resolve("nowhere"))) {
            var error = assertThrows(UserError.class, () -> new Peers(Peer.ALL, place, GAME, 1, folder));
            assertTrue(error.getMessage().contains(place.toString()) && error.getMessage().contains("mvn -Ppeers"), error.getMessage());
        }
    }
}
