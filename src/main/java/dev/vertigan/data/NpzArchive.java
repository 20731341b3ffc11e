package dev.vertigan.data;

import dev.vertigan.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.zip.ZipFile;

/// NumPy's archives of arrays: the array `x`, or the only one, is unpacked to a temporary file.
final class NpzArchive {

    private NpzArchive() {}

    /// The array of a .npz archive, or of a .npy file.
    ///
    /// @throws UserError if it cannot be read, or holds several arrays and none called x
    static NpyFile open(Path file) {
        if (!file.toString().endsWith(".npz")) {
            return NpyFile.open(file);
        }
        try (var archive = new ZipFile(file.toFile())) {
            var names = archive.stream().map(entry -> entry.getName()).filter(name -> name.endsWith(".npy")).toList();
            String wanted = names.size() == 1 ? names.getFirst() : "x.npy";
            if (!names.contains(wanted)) {
                throw new UserError(file + ": expected one array, or one called x, found " + names);
            }
            var entry = archive.getEntry(wanted);
            Path unpacked = Files.createTempFile("vertigan", ".npy");
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
            throw new UserError(file + ": expected an archive of arrays as NumPy saves it (.npz), found none: " + e.getMessage(), e);
        }
    }
}
