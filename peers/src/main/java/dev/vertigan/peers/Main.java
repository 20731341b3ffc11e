package dev.vertigan.peers;

import com.google.gson.Gson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// One peer as a process: reads a line, does it, answers with one. Ends with its input.
///
///     open {"batch": 128, …}   →  ready libtorch 2.10.0, …   or   cannot WHY
///     play 20                  →  millis 104.2
///
/// What libraries print goes to the error stream.
public final class Main {

    private static final double NANOS_PER_MILLI = 1e6;

    private final Peer peer;
    private Peer.Game game;

    private Main(Peer peer) {
        this.peer = peer;
    }

    /// @param arguments the peer's name
    public static void main(String... arguments) throws IOException {
        var answers = System.out;
        System.setOut(System.err);
        var peer = switch (String.join(" ", arguments)) {
            case "libtorch" -> new Libtorch();
            case "djl" -> new Djl();
            default -> throw new IllegalArgumentException("expected libtorch or djl, found " + String.join(" ", arguments));
        };
        new Main(peer).serve(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                new PrintStream(answers, true, StandardCharsets.UTF_8));
    }

    private void serve(BufferedReader requests, PrintStream answers) throws IOException {
        for (String line = requests.readLine(); line != null; line = requests.readLine()) {
            answers.println(answer(line));
        }
    }

    private String answer(String line) {
        String[] words = line.split(" ", 2);
        return switch (words[0]) {
            case "open" -> open(new Gson().fromJson(words[1], Workload.class));
            case "play" -> "millis " + play(Integer.parseInt(words[1]));
            default -> throw new IllegalArgumentException("expected open or play, found " + line);
        };
    }

    private String open(Workload workload) {
        try {
            if (!workload.schedule().equals("alternating")) {
                throw new Peer.Cannot("plays the alternating schedule only");
            }
            if (!workload.objective().equals("non-saturating")) {
                throw new Peer.Cannot("plays the non-saturating objective only");
            }
            if (!workload.beyond().isEmpty()) {
                throw new Peer.Cannot("nothing is written here for " + String.join(", ", workload.beyond()));
            }
            game = peer.open(workload);
            return "ready " + game.describe();
        } catch (Peer.Cannot e) {
            return "cannot " + e.getMessage();
        }
    }

    private double play(int turns) {
        long start = System.nanoTime();
        for (int i = 0; i < turns; i++) {
            game.turn();
        }
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }
}
