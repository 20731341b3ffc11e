package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CircumstancesTest {

    @TempDir
    Path folder;

    @Test
    void aRepositoryOfSomethingElseIsNotTheCheckout() throws IOException {
        Path jar = folder.resolve("target/vertigan.jar");
        Files.createDirectories(folder.resolve(".git"));
        assertEquals(Optional.empty(), Circumstances.checkout(jar));
        Files.createDirectories(folder.resolve("src/main/java/dev/vertigan"));
        assertEquals(Optional.of(folder), Circumstances.checkout(jar));
    }
}
