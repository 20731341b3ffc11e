package dev.vertigan.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.config.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    @TempDir
    Path folder;

    private Path file;
    private List<Journal.Entry> written;

    @BeforeEach
    void writeThree() {
        file = folder.resolve("journal.jsonl");
        try (var journal = Journal.open(file)) {
            journal.append(0, Journal.Kind.START);
            journal.append(70, Journal.Kind.EDIT, edit());
            journal.append(100, Journal.Kind.STOP);
            written = journal.entries();
        }
    }

    private static ObjectNode edit() {
        return new ObjectMapper().createObjectNode().put("rateG", 1e-4).put("note", "line\nbreak \"ü\" ,\"crc32c\":\"00000000\"}");
    }

    @Test
    void readsBackWhatItWrote() throws Exception {
        try (var journal = Journal.open(file)) {
            assertEquals(written, journal.entries());
            assertEquals(3, journal.position());
            assertEquals(edit(), journal.entries(Journal.Kind.EDIT).getFirst().details());
            assertFalse(journal.torn().isPresent());
            var more = journal.append(100, Journal.Kind.RESUME);
            assertEquals(more, journal.entries().getLast());
        }
        for (String line : Files.readAllLines(file)) {
            new ObjectMapper().readTree(line);
        }
        assertEquals(4, Files.readAllLines(file).size());
    }

    /// Cut anywhere, the journal is what it was after some earlier append, and can be added to.
    @Test
    void aTornLastLineIsDropped() throws Exception {
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            int entries = (int) new String(cut).chars().filter(c -> c == '\n').count();
            Path torn = Files.write(folder.resolve("torn-" + length), cut);
            try (var journal = Journal.open(torn)) {
                assertEquals(written.subList(0, entries), journal.entries());
                assertEquals(length > 0 && cut[length - 1] != '\n', journal.torn().isPresent());
                journal.append(7, Journal.Kind.RESUME);
            }
            try (var journal = Journal.open(torn)) {
                assertFalse(journal.torn().isPresent());
                assertEquals(entries + 1, journal.entries().size());
            }
        }
    }

    @Test
    void aLastLineWhoseBytesNeverReachedTheDiskIsDropped() throws Exception {
        byte[] whole = Files.readAllBytes(file);
        byte[] holed = whole.clone();
        Arrays.fill(holed, whole.length - 30, whole.length, (byte) 0);
        Files.write(file, holed);
        try (var journal = Journal.open(file)) {
            assertEquals(written.subList(0, 2), journal.entries());
            assertTrue(journal.torn().isPresent());
        }
    }

    @Test
    void aFlippedBitBeforeTheLastLineIsAnError() throws Exception {
        byte[] bytes = Files.readAllBytes(file);
        int last = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).lastIndexOf('\n', bytes.length - 2) + 1;
        for (int bit = 0; bit < 8 * last; bit++) {
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            Path bad = Files.write(folder.resolve("bit-" + bit), bytes);
            bytes[bit / 8] ^= (byte) (1 << bit % 8);
            var failure = assertThrows(UserError.class, () -> Journal.open(bad), "bit " + bit);
            assertTrue(failure.getMessage().matches("(?s).*line [12]: expected a journal entry.*"), failure::getMessage);
            Files.delete(bad);
        }
        Files.write(file, bytes);
        Journal.open(file).close();
    }

    @Test
    void aJournalThatCannotBeOpenedIsExplained() throws Exception {
        Path taken = Files.createDirectory(folder.resolve("taken"));
        assertTrue(assertThrows(UserError.class, () -> Journal.open(taken)).getMessage().contains(taken.toString()));
    }
}
