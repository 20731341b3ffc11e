package dev.vertigan.data;

import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets.Split;
import dev.vertigan.data.Downloads.Progress;
import dev.vertigan.data.Downloads.RemoteFile;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// CIFAR-10 (Krizhevsky 2009): 32×32 colour images in ten classes, as the binary files of its author, packed or not.
///
/// A file is records of a label and the red, the green and the blue plane of one image. It has no header, so only its size tells
/// whether it is whole.
///
/// @param records images in each file
/// @param archive the files as a .tar.gz
record Cifar10(int records, RemoteFile archive) {

    static final String NAME = "cifar10";

    static final Cifar10 ORIGINAL = new Cifar10(10_000, new RemoteFile("cifar-10-binary.tar.gz", 170052171,
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            List.of(URI.create("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"))));

    private static final List<String> TRAIN = List.of("data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
            "data_batch_5.bin");
    private static final List<String> TEST = List.of("test_batch.bin");
    private static final String UNPACKED = "cifar-10-batches-bin"; // the archive's own folder

    private static final int EXTENT = 32;
    private static final int PLANE = EXTENT * EXTENT;
    private static final int CHANNELS = 3;
    private static final int CLASSES = 10;
    private static final int RECORD = 1 + CHANNELS * PLANE;
    private static final int BESIDE = 1 << 20; // bytes of an archive besides its images, at most
    private static final int TOLD = 500; // records between two words on how far reading is

    /// Reads a split from `folder` or a sub-folder: the binary files, else the archive, else the archive is downloaded.
    ///
    /// @throws UserError if a file is neither there nor to be had, or is no good
    StoredImages open(Split split, Path folder, Downloads downloads, Progress progress) {
        var names = split == Split.TRAIN ? TRAIN : TEST;
        var files = unpacked(names, folder);
        var parts = files.isPresent() ? files.get().stream().map(this::read).toList() : unpack(archive(folder, downloads, progress), names, progress);
        return new StoredImages(NAME, new int[] {EXTENT, EXTENT, CHANNELS}, CLASSES,
                parts.stream().flatMap(part -> part.images.stream()).toList(),
                parts.stream().flatMap(part -> part.labels.stream()).toList());
    }

    private static Optional<List<Path>> unpacked(List<String> names, Path folder) {
        return Stream.of(folder, folder.resolve(NAME), folder.resolve(UNPACKED), folder.resolve(NAME).resolve(UNPACKED))
                .map(place -> names.stream().map(place::resolve).toList())
                .filter(files -> files.stream().anyMatch(Files::isRegularFile)) // if one of them is missing, reading it says so
                .findFirst();
    }

    private Path archive(Path folder, Downloads downloads, Progress progress) {
        Path own = folder.resolve(NAME);
        return Stream.of(folder, own).map(place -> place.resolve(archive.name())).filter(Files::isRegularFile).findFirst()
                .orElseGet(() -> downloads.fetch(archive, folder.endsWith(NAME) ? folder : own, progress));
    }

    /// @param images `[32, 32, 3]` each
    private record Part(List<byte[]> images, List<Integer> labels) {}

    private Part read(Path file) {
        try (var in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            return read(in, Files.size(file), "", file, done -> {});
        } catch (NoSuchFileException e) {
            throw new UserError(
                    String.format(Locale.ROOT, "%s: expected it beside the other files of CIFAR-10, found none. Put it there, or remove the others.",
                            file),
                    e);
        } catch (IOException e) {
            throw new UserError(String.format(Locale.ROOT, "%s: cannot be read (%s)", file, e), e);
        }
    }

    /// In the order of `names`, which need not be the archive's.
    private List<Part> unpack(Path file, List<String> names, Progress progress) {
        var parts = new TreeMap<String, Part>();
        try (var in = new TarArchiveInputStream(new LimitedStream(
                new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), 1 << 16), mostUnpacked()))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) { // to the end, where gzip's checksum is
                String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                if (names.contains(name)) {
                    long before = (long) parts.size() * records;
                    parts.put(name, read(in, entry.getSize(), name + " in it: ", file, done -> progress.update("reading " + file.getFileName(),
                            (before + done) * RECORD, (long) names.size() * records * RECORD)));
                }
            }
        } catch (EOFException e) {
            throw Downloads.bad(file, "the file is cut short");
        } catch (ZipException e) {
            throw Downloads.bad(file, "the compressed data is damaged (" + e.getMessage() + ")");
        } catch (IOException e) {
            throw Downloads.bad(file, "cannot be read as a .tar.gz (" + e.getMessage() + ")");
        }
        names.stream().filter(name -> !parts.containsKey(name)).findFirst().ifPresent(name -> {
            throw Downloads.bad(file, String.format(Locale.ROOT, "expected %s in it, found none", name));
        });
        return names.stream().map(parts::get).toList();
    }

    /// All files, and a little for what else is in the archive.
    private long mostUnpacked() {
        return (TRAIN.size() + TEST.size()) * (long) records * RECORD + BESIDE;
    }

    private interface Told {

        void done(int records);
    }

    /// @param size bytes of content, as they were promised
    /// @param place in the file, for messages; empty if it is all of it
    private Part read(InputStream in, long size, String place, Path file, Told told) throws IOException {
        if (size != (long) records * RECORD) {
            throw Downloads.bad(file,
                    String.format(Locale.ROOT, "%sexpected %d bytes (%d images), found %d", place, (long) records * RECORD, records, size));
        }
        var part = new Part(new ArrayList<>(records), new ArrayList<>(records));
        byte[] read = new byte[RECORD];
        for (int i = 0; i < records; i++) {
            if (in.readNBytes(read, 0, RECORD) < RECORD) {
                throw new EOFException();
            }
            int label = read[0] & 0xFF;
            if (label >= CLASSES) {
                throw Downloads.bad(file,
                        String.format(Locale.ROOT, "%sexpected labels from 0 to %d, found %d at image %d", place, CLASSES - 1, label, i));
            }
            part.labels.add(label);
            part.images.add(interleaved(read));
            if (i % TOLD == 0) {
                told.done(i);
            }
        }
        return part;
    }

    /// Planes as `[32, 32, 3]`.
    private static byte[] interleaved(byte[] planes) {
        byte[] pixels = new byte[CHANNELS * PLANE];
        for (int channel = 0; channel < CHANNELS; channel++) {
            for (int i = 0; i < PLANE; i++) {
                pixels[i * CHANNELS + channel] = planes[1 + channel * PLANE + i];
            }
        }
        return pixels;
    }
}
