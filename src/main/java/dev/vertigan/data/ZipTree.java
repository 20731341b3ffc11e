package dev.vertigan.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry.NameSource;
import org.apache.commons.compress.archivers.zip.ZipFile;

/// The files in a .zip archive, which stays open for as long as they are read. Thread-safe.
///
/// Old archivers write names in the code page of their system and do not say which. What is not UTF-8 is taken for the one of DOS, which has a
/// character for every byte: names in another are odd then, but differ from each other as they should.
final class ZipTree implements FileTree {

    private static final Charset DOS = Charset.forName("IBM437");

    private final SortedMap<String, Content> files = new TreeMap<>();

    /// @throws IOException if it is no such archive
    ZipTree(Path archive) throws IOException {
        // No name is decoded with this: it only has a character for every byte, so that none is refused.
        var zip = ZipFile.builder().setPath(archive).setCharset(StandardCharsets.ISO_8859_1).setIgnoreLocalFileHeader(true).get();
        var entries = zip.getEntries();
        while (entries.hasMoreElements()) {
            var entry = entries.nextElement();
            if (!entry.isDirectory()) {
                files.put(normal(name(entry)), new Packed(zip, entry));
            }
        }
    }

    @Override
    public SortedMap<String, Content> files() {
        return files;
    }

    private record Packed(ZipFile zip, ZipArchiveEntry entry) implements Content {

        @Override
        public long size() {
            return entry.getSize();
        }

        /// An entry that holds more than it says is found out there.
        @Override
        public InputStream open() throws IOException {
            return new LimitedStream(zip.getInputStream(entry), Math.max(0, entry.getSize()));
        }
    }

    private static String name(ZipArchiveEntry entry) {
        if (entry.getNameSource() != NameSource.NAME) {
            return entry.getName(); // told to be UTF-8
        }
        var bytes = ByteBuffer.wrap(entry.getRawName());
        try {
            String name = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            return name.contains("/") ? name : name.replace('\\', '/');
        } catch (CharacterCodingException notUtf8) {
            return DOS.decode(bytes.rewind()).toString();
        }
    }

    /// Without `.` and `..`, which some archivers put into names; nothing is ever written by such a name.
    private static String normal(String name) {
        var parts = new ArrayDeque<String>();
        for (String part : name.split("/")) {
            switch (part) {
                case "", "." -> {}
                case ".." -> parts.pollLast();
                default -> parts.add(part);
            }
        }
        return String.join("/", parts);
    }
}
