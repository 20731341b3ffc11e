package dev.vertigan.tensor.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// One trial decides for all processes to come. With the libraries themselves.
@EnabledIfSystemProperty(named = "os.arch", matches = "amd64")
@EnabledIfSystemProperty(named = "os.name", matches = "Linux")
class BlasTrialTest {

    private static final String ONE = "oneDNN";
    private static final String OTHER = "other";

    @TempDir
    private Path temp;

    private final List<String> loaded = new ArrayList<>();

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = BlasTrial.file(temp);
    }

    private String winner() throws IOException {
        return BlasTrial.winner(file, ONE, () -> {
            loaded.add(ONE);
            return OneDnn.load();
        }, OTHER, () -> {
            loaded.add(OTHER);
            return CBlas.load();
        }).title();
    }

    @Test
    void theWinnerIsRememberedAndLoadedAlone() throws IOException {
        String title = winner();
        assertEquals(List.of(ONE, OTHER), loaded);
        assertEquals(title, Files.readAllLines(file).getFirst());
        assertEquals(2, Files.readAllLines(file).size());
        Files.writeString(file, ONE + "\n");
        loaded.clear();
        assertEquals("oneDNN", winner());
        assertEquals(List.of(ONE), loaded);
        Files.writeString(file, OTHER + "\n");
        loaded.clear();
        winner();
        assertEquals(List.of(OTHER), loaded);
    }

    @Test
    void whatIsNoVerdictIsReplacedByOne() throws IOException {
        Files.writeString(file, "oneD".repeat(100));
        String title = winner();
        assertEquals(List.of(ONE, OTHER), loaded);
        assertEquals(title, Files.readAllLines(file).getFirst());
        assertEquals(2, Files.readAllLines(file).size());
    }

    @Test
    void aLibraryThatDoesNotLoadLeavesNoVerdict() throws IOException {
        assertThrows(IOException.class, () -> BlasTrial.winner(file, ONE, () -> {
            throw new IOException("no such library");
        }, OTHER, CBlas::load));
        assertEquals("", Files.readString(file));
    }

    @Test
    void aFolderThatIsNotThereIsSaid() {
        assertThrows(IOException.class, () -> BlasTrial.winner(temp.resolve("missing").resolve("file"), ONE, OneDnn::load, OTHER, CBlas::load));
    }
}
