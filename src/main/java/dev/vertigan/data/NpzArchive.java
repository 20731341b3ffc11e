package dev.vertigan.data;

import dev.vertigan.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipFile;

/// What NumPy's archives of arrays hold to be trained on, unpacked to temporary files.
///
/// @param data the array `x` or `data`, or the only one besides labels
/// @param labels the array `y` or `labels`, if there is one
record NpzArchive(NpyFile data, Optional<NpyFile> labels) implements AutoCloseable {

    private static final String ENDING = ".npy";
    private static final List<String> DATA = List.of("x", "data");
    private static final List<String> LABELS = List.of("y", "labels");

    /// The arrays of a .npz archive, or of a .npy file, which has no labels.
    ///
    /// @throws UserError if it cannot be read, or does not say which array is the data
    static NpzArchive open(Path file) {
        if (!file.toString().endsWith(".npz")) {
            return new NpzArchive(NpyFile.open(file), Optional.empty());
        }
        try (var archive = new ZipFile(file.toFile())) {
            var names = archive.stream().map(entry -> entry.getName()).filter(name -> name.endsWith(ENDING))
                    .map(name -> name.substring(0, name.length() - ENDING.length())).toList();
            var labels = LABELS.stream().filter(name -> names.size() > 1 && names.contains(name)).findFirst();
            var others = names.stream().filter(name -> !labels.equals(Optional.of(name))).toList();
            String data = DATA.stream().filter(names::contains).findFirst()
                    .or(() -> others.size() == 1 ? others.stream().findFirst() : Optional.empty())
                    .orElseThrow(() -> new UserError(file + ": expected one array, or one called x or data, and labels called y or labels if there "
                            + "are any, found " + names));
            return new NpzArchive(unpack(file, archive, data), labels.map(name -> unpack(file, archive, name)));
        } catch (IOException e) {
            throw none(file, e);
        }
    }

    private static UserError none(Path file, IOException e) {
        return new UserError(file + ": expected an archive of arrays as NumPy saves it (.npz), found none: " + e.getMessage(), e);
    }

    private static NpyFile unpack(Path file, ZipFile archive, String name) {
        try {
            var entry = archive.getEntry(name + ENDING);
            Path unpacked = Files.createTempFile("vertigan", ENDING);
            unpacked.toFile().deleteOnExit();
            long room = Files.getFileStore(unpacked).getUsableSpace();
            if (entry.getSize() > room) {
                throw new UserError(
                        String.format(Locale.ROOT, "%s: expected room for %,d bytes where %s is, found %,d; unpack it elsewhere and name the "
                                + ".npy file", file, entry.getSize(), unpacked.getParent(), room));
            }
            try (var in = new LimitedStream(archive.getInputStream(entry), Math.max(0, entry.getSize()))) {
                Files.copy(in, unpacked, StandardCopyOption.REPLACE_EXISTING);
            }
            return NpyFile.open(unpacked, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw none(file, e);
        }
    }

    /// The classes of the rows.
    ///
    /// @param name the archive's, for messages
    /// @throws UserError if they are none
    ArrayLabels classes(String name) {
        return labels.map(file -> ArrayLabels.of(name, file, data.shape()[0])).orElse(ArrayLabels.NONE);
    }

    @Override
    public void close() {
        data.close();
        labels.ifPresent(NpyFile::close);
    }
}
