package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitTest {

    @TempDir
    Path folder;

    @Test
    void aRepositoryOfSomethingElseIsNotTheCheckout() throws IOException {
        Path jar = folder.resolve("target/vertigan.jar");
        Files.createDirectories(folder.resolve(".git"));
        assertEquals(Optional.empty(), Commit.checkout(jar));
        Files.createDirectories(folder.resolve("src/main/java/dev/vertigan"));
        assertEquals(Optional.of(folder), Commit.checkout(jar));
    }

    /// As the build calls it: in a checkout, and where there is none, with what an earlier build has left.
    @Test
    void theBuildKeepsIt() throws Exception {
        Path classes = folder.resolve("target/classes");
        Path kept = classes.resolve("dev/vertigan/cli/commit");
        Files.createDirectories(kept.getParent());
        Files.writeString(kept, "old");
        Commit.main(classes.toString());
        assertFalse(Files.exists(kept), "there are no sources about it");
        Files.createDirectories(folder.resolve("src/main/java/dev/vertigan"));
        for (String[] command : new String[][] {{"init", "-q"}, {"-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m",
            "x"}}) {
            var git = new ProcessBuilder("git", "-C", folder.toString());
            git.command().addAll(List.of(command));
            assertEquals(0, git.start().waitFor());
        }
        Commit.main(classes.toString());
        assertTrue(Files.readString(kept).matches("[0-9a-f]{12}"), Files.readString(kept));
    }
}
