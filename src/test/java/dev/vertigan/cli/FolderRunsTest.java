package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.dashboard.Runs;
import dev.vertigan.run.Journal;
import dev.vertigan.run.Parent;
import dev.vertigan.run.RunFolder;
import dev.vertigan.run.RunReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is done to the runs beside the one that is played: never to that one, and to none that another process plays.
class FolderRunsTest {

    @TempDir
    private Path folder;
    private Runs runs;

    @BeforeEach
    void current() {
        var config = Configurations.LOADER.load("ring", Optional.empty(), List.of());
        RunFolder.create(folder.resolve("current"), config.toJson()).close();
        runs = FolderRuns.beside(folder.resolve("current"), config);
    }

    @Test
    void aRunThatIsBegunIsOneOfItsPresetWithTheSettingsWanted() throws IOException {
        runs.begin("new", "gaussian", Map.of("batch", IntNode.valueOf(32), "generator.layers", TextNode.valueOf("dense 8 relu, output")),
                Optional.empty());
        var begun = RunConfig.fromJson(RunReader.config(folder.resolve("new")), "new");
        assertEquals(32, begun.batch());
        assertEquals(List.of("dense 8 relu", "output"), begun.generator().layers());
        assertEquals("gaussian", begun.data().name().written());
        assertEquals("gaussian", runs.list().stream().filter(run -> run.name().equals("new")).findFirst().orElseThrow().preset());
        assertEquals(640, ImageIO.read(new ByteArrayInputStream(runs.thumbnail("gaussian").orElseThrow())).getWidth());
        assertTrue(runs.thumbnail("../gaussian").isEmpty());
        var taken = assertThrows(UserError.class, () -> runs.begin("new", "gaussian", Map.of(), Optional.empty()));
        assertTrue(taken.getMessage().contains("found something there"), taken::getMessage);
        var wrong = assertThrows(UserError.class, () -> runs.begin("other", "rign", Map.of("batch", IntNode.valueOf(0)), Optional.empty()));
        assertTrue(wrong.getMessage().contains("did you mean ring?"), wrong::getMessage);
        assertThrows(UserError.class, () -> runs.begin("other", "ring", Map.of("data.name", TextNode.valueOf("drawing")), Optional.empty()),
                "no picture is named");
        assertFalse(Files.exists(folder.resolve("other")), "nothing is left of what could not begin");
    }

    @Test
    void whatIsPlayedIsNeitherRenamedNorDeleted() throws IOException {
        runs.begin("a", "ring", Map.of(), Optional.empty());
        assertThrows(UserError.class, () -> runs.delete("current"));
        assertThrows(UserError.class, () -> runs.rename("current", "b"));
        try (var _ = RunFolder.open(folder.resolve("a"))) {
            assertThrows(UserError.class, () -> runs.delete("a"));
            assertThrows(UserError.class, () -> runs.rename("a", "b"));
        }
        assertThrows(UserError.class, () -> runs.rename("a", "current"), "the name is taken");
        assertThrows(UserError.class, () -> runs.delete("../" + folder.getFileName() + "/a"), "no path is a name");
        byte[] config = Files.readAllBytes(folder.resolve("a/config.json"));
        runs.rename("a", "b");
        assertArrayEquals(config, Files.readAllBytes(folder.resolve("b/config.json")));
        runs.delete("b");
        assertFalse(Files.exists(folder.resolve("b")));
        assertTrue(runs.history("b").isEmpty());
    }

    @Test
    void aForkFindsItsParentByWhatItIsAlsoUnderAnotherName() {
        runs.begin("a", "ring", Map.of(), Optional.empty());
        fork("fork", Parent.of(folder.resolve("a"), folder.resolve("fork"), 5, Map.of()));
        assertEquals("a", parent("fork"));
        runs.rename("a", "b");
        assertEquals("b", parent("fork"));
        runs.begin("a", "ring", Map.of(), Optional.empty());
        assertEquals("b", parent("fork"), "another run that has its old name");
        runs.delete("b");
        assertEquals("a", parent("fork"), "what it was called");
        fork("old", new Parent("../a", OptionalLong.empty(), 5, Map.of()));
        assertEquals("a", parent("old"), "made by a version that kept the name alone");
    }

    private void fork(String name, Parent parent) {
        var config = Configurations.LOADER.load("ring", Optional.empty(), List.of());
        try (var made = RunFolder.create(folder.resolve(name), config.toJson())) {
            made.journal().append(5, Journal.Kind.ORIGIN, parent.details());
        }
    }

    private String parent(String fork) {
        return runs.list().stream().filter(run -> run.name().equals(fork)).findFirst().orElseThrow().parent().orElseThrow().name();
    }

    @Test
    void dataThatWereSentGoWithTheLastRunThatLearnsThem() throws IOException {
        var drawing = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
        for (var set : List.of("mine", "fresh", "forgotten")) {
            ImageIO.write(drawing, "png", Files.createDirectories(runs.data().resolve(set)).resolve("drawing.png").toFile());
        }
        var settings = Map.<String, JsonNode>of("data.name", TextNode.valueOf("drawing"));
        runs.begin("one", "ring", settings, Optional.of("mine"));
        runs.begin("two", "ring", settings, Optional.of("mine"));
        Files.setLastModifiedTime(runs.data().resolve("mine"), FileTime.fromMillis(0));
        Files.setLastModifiedTime(runs.data().resolve("forgotten"), FileTime.fromMillis(0));
        runs.rename("one", "renamed");
        runs.delete("two");
        assertEquals(List.of("forgotten", "fresh", "mine"), sets(), "one run learns them still");
        runs.begin("other", "ring", Map.of(), Optional.empty());
        assertEquals(List.of("fresh", "mine"), sets(), "what nobody began a run with goes after a day");
        Files.createDirectories(folder.resolve("damaged"));
        Files.writeString(folder.resolve("damaged/config.json"), "{");
        runs.delete("renamed");
        assertEquals(List.of("fresh", "mine"), sets(), "a run that cannot be read may need them");
        Files.delete(folder.resolve("damaged/config.json"));
        runs.begin("another", "ring", settings, Optional.of("mine"));
        runs.delete("another");
        assertEquals(List.of("fresh"), sets());
    }

    private List<String> sets() throws IOException {
        try (var sets = Files.list(runs.data())) {
            return sets.map(set -> set.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aRunIsBegunOnDataThatWereSent() throws IOException {
        var drawing = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
        var folder = Files.createDirectories(runs.data().resolve("mine"));
        ImageIO.write(drawing, "png", folder.resolve("drawing.png").toFile());
        var settings = Map.<String, JsonNode>of("data.name", TextNode.valueOf("drawing"));
        runs.begin("drawn", "ring", settings, Optional.of("mine"));
        var begun = RunConfig.fromJson(RunReader.config(this.folder.resolve("drawn")), "drawn");
        assertEquals(folder.resolve("drawing.png").toAbsolutePath().toString(), begun.data().dir());
        for (var elsewhere : List.of("../current", "..", ".", "", "mine/..", "/")) {
            var outside = assertThrows(UserError.class, () -> runs.begin("other", "ring", settings, Optional.of(elsewhere)), elsewhere);
            assertTrue(outside.getMessage().contains("sent to this trainer"), outside::getMessage);
        }
        Files.write(Files.createDirectories(runs.data().resolve("bad")).resolve("x.npy"), new byte[] {1, 2, 3});
        assertThrows(UserError.class, () -> runs.begin("other", "cifar10-dcgan", Map.of("data.name", TextNode.valueOf("array")),
                Optional.of("bad")));
        assertFalse(Files.exists(this.folder.resolve("other")));
    }
}
