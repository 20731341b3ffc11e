package dev.vertigan.cli;

import dev.vertigan.config.UserError;
import dev.vertigan.export.Sink;
import dev.vertigan.run.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Where the same rows go, each with the file that messages name.
final class Sinks implements AutoCloseable {

    private final String rows; // what they are, as in `samples`
    private final List<Named> all = new ArrayList<>();

    private record Named(Path file, Sink sink) {}

    interface Opening {

        Sink open() throws IOException;
    }

    private interface Act {

        void on(Sink sink) throws IOException;
    }

    Sinks(String rows) {
        this.rows = rows;
    }

    static UserError unwritable(Path file, IOException e) {
        return new UserError(String.format(Locale.ROOT, "%s: expected a file that can be written: %s", file, Failures.reason(e)), e);
    }

    /// Writes a text in a file of its own.
    ///
    /// @throws UserError if it cannot be written
    static void text(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /// @throws UserError if it cannot be written; so do the others
    void add(Path file, Opening opening) {
        try {
            all.add(new Named(file, opening.open()));
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private void each(Act act) {
        for (var named : all) {
            try {
                act.on(named.sink);
            } catch (IOException e) {
                throw unwritable(named.file, e);
            }
        }
    }

    void write(float[] values) {
        each(sink -> sink.write(values));
    }

    void finish(long count, Console console) {
        each(Sink::finish);
        all.forEach(named -> console.line(String.format(Locale.ROOT, "%,d %s in %s", count, rows, named.file)));
    }

    @Override
    public void close() {
        each(Sink::close);
    }
}
