package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The page's logic, tested without a browser where Node.js is installed: see `src/test/web`.
class PageLogicTest {

    private static final int NODE = 20; // runs ES modules that no package.json declares

    private record Ended(int code, String output) {}

    private static Ended node(String... arguments) throws IOException, InterruptedException {
        var command = new String[arguments.length + 1];
        command[0] = "node";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        var process = new ProcessBuilder(command).directory(Path.of("src/test/web").toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), output);
    }

    private static boolean installed() throws InterruptedException {
        try {
            return Integer.parseInt(node("--version").output.strip().replaceFirst("v(\\d+).*", "$1")) >= NODE;
        } catch (IOException | NumberFormatException absent) {
            return false;
        }
    }

    @Test
    void itsTestsPass() throws IOException, InterruptedException {
        assumeTrue(installed(), "no Node.js " + NODE + " is installed: the page's logic is tested in a browser alone");
        var ended = node("--test");
        assertEquals(0, ended.code, ended.output);
    }
}
