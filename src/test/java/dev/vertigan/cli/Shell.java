package dev.vertigan.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/// What a command said and how it ended.
///
/// @param out standard output, help included
/// @param err standard error
record Shell(int code, String out, String err) {

    /// Runs a command in this process, as it would be where there is no terminal.
    static Shell run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        var console = new Console(stream, new PrintStream(err, true, StandardCharsets.UTF_8), false);
        var line = Main.commandLine(console);
        line.setOut(new PrintWriter(stream, true));
        int code = Main.execute(console, line, arguments);
        console.drain();
        return new Shell(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
