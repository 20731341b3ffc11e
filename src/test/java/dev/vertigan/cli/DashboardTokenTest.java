package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardTokenTest {

    private static final String SECRET = "correct-horse-battery";

    @TempDir
    Path folder;

    private static String token(Map<String, String> environment, String... settings) {
        var config = Configurations.LOADER.load("ring-2014", Optional.empty(), Stream.of(settings).map(Assignment::parse).toList());
        return DashboardToken.resolve(config, environment).dashboard().token();
    }

    private static String refused(String... settings) {
        return assertThrows(UserError.class, () -> token(Map.of(), settings)).getMessage();
    }

    @Test
    void theNearestWins() throws IOException {
        var file = "dashboard.tokenFile=" + Files.writeString(folder.resolve("token"), "of-the-file\n");
        var environment = Map.of(DashboardToken.VARIABLE, "of-the-environment");
        assertAll(
                () -> assertEquals("", token(Map.of())),
                () -> assertEquals("of-the-file", token(Map.of(), file)),
                () -> assertEquals("of-the-environment", token(environment, file)),
                () -> assertEquals("set", token(environment, file, "dashboard.token=set")));
    }

    @Test
    void anAddressThatOthersReachNeedsOne() {
        assertAll(
                () -> assertTrue(refused("dashboard.host=0.0.0.0").contains(DashboardToken.VARIABLE)),
                () -> assertTrue(refused("dashboard.host=0.0.0.0").contains("dashboard.tokenFile")),
                () -> assertEquals("x", token(Map.of(), "dashboard.host=0.0.0.0", "dashboard.token=x")),
                () -> assertEquals("", token(Map.of(), "dashboard.host=::1")));
    }

    @Test
    void aFileWithoutATokenIsExplained() throws IOException {
        var empty = Files.createFile(folder.resolve("empty"));
        assertAll(
                () -> assertTrue(refused("dashboard.tokenFile=" + empty).contains("expected one line with the token")),
                () -> assertTrue(refused("dashboard.tokenFile=" + folder.resolve("none")).contains("not there")),
                () -> assertTrue(refused("dashboard.tokenFile=" + folder).contains("expected a text file")));
    }

    /// Whatever the way it was given; and what holds what a person typed is nobody else's to read.
    @Test
    void noFileOfTheRunHoldsIt() throws IOException {
        var run = folder.resolve("run");
        var trained = Shell.run("train", "--preset", "ring-2014", "--exit", "--steps", "3", "--run-dir", run.toString(), "--set", "dashboard.port=0",
                "--set",
                "dashboard.token=" + SECRET, "--set", "generator.layers=dense 8 relu, output", "--set", "discriminator.layers=dense 8 relu, output");
        assertEquals(0, trained.code(), trained.err());
        assertTrue(trained.out().contains("?token=" + SECRET), trained.out());
        try (var files = Files.walk(run)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                assertFalse(Files.readString(file, StandardCharsets.ISO_8859_1).contains(SECRET), file.toString());
            }
        }
        assumeTrue(run.getFileSystem().supportedFileAttributeViews().contains("posix"));
        for (var file : List.of("config.json", "journal.jsonl")) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(run.resolve(file))), file);
        }
    }
}
