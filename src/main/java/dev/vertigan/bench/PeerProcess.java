package dev.vertigan.bench;

import dev.vertigan.config.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A peer while it runs: asked a line, it answers with one. It ends when its input does, so also if this process is killed.
final class PeerProcess implements AutoCloseable {

    private static final int TOLD_LINES = 5; // of what it said before it ended

    private final String name;
    private final Path log;
    private final Process process;
    private final Writer requests;
    private final BufferedReader answers;

    private PeerProcess(String name, Path log, Process process) {
        this.name = name;
        this.log = log;
        this.process = process;
        requests = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    /// What a peer answers.
    sealed interface Answer {

        /// It can play what was described; how it does.
        record Ready(String description) implements Answer {}

        /// It cannot, and why.
        record Cannot(String why) implements Answer {}

        /// It has played.
        record Millis(double millis) implements Answer {}

        /// @throws IllegalArgumentException if the line is none
        static Answer parse(String line) {
            String[] words = line.split(" ", 2);
            String rest = words.length == 2 ? words[1] : "";
            return switch (words[0]) {
                case "ready" -> new Ready(rest);
                case "cannot" -> new Cannot(rest);
                case "millis" -> new Millis(Double.parseDouble(rest));
                default -> throw new IllegalArgumentException(String.format(Locale.ROOT, "expected ready, cannot or millis, found \"%s\"", line));
            };
        }
    }

    /// @param classPath where its program is
    /// @param command arguments of the JVM: flags, main class, its arguments
    /// @param log where what it says besides answers goes
    static PeerProcess start(String name, String classPath, List<String> command, Path log) {
        var words = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath));
        words.addAll(command);
        try {
            return new PeerProcess(name, log, new ProcessBuilder(words).redirectError(log.toFile()).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Describes a game: [Answer.Ready] or [Answer.Cannot].
    Answer open(PeerGame game) {
        return ask("open " + game.toJson());
    }

    /// Plays that many turns.
    ///
    /// @return milliseconds of all of them, by its own clock
    double play(int turns) {
        return switch (ask("play " + turns)) {
            case Answer.Millis(double millis) -> millis;
            case Answer other -> throw failure(String.format(Locale.ROOT, "expected how long %d turns took, found %s", turns, other));
        };
    }

    private Answer ask(String request) {
        try {
            requests.write(request);
            requests.write('\n');
            requests.flush();
            String line = answers.readLine();
            if (line != null) {
                return Answer.parse(line);
            }
        } catch (IOException e) {
            // it has ended, and its log says why
        } catch (IllegalArgumentException e) {
            throw failure(String.valueOf(e.getMessage()));
        }
        throw failure(String.format(Locale.ROOT, "expected an answer to \"%s\", found its end", request));
    }

    private UserError failure(String what) {
        return new UserError(String.format(Locale.ROOT, "%s: %s%s", name, what, said()));
    }

    private String said() {
        try {
            var lines = Files.readAllLines(log);
            return lines.isEmpty() ? "" : "; it said:\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - TOLD_LINES), lines.size()));
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
