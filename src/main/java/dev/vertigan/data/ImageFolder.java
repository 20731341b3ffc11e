package dev.vertigan.data;

import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Which images lie in a folder, or in a .zip archive of one, and what they are of.
///
/// If there are sub-folders called `train` and `test` (or `val`), these are the splits; else all is to train on. In a split each
/// sub-folder is a class, in alphabetical order; without sub-folders there are no classes. A folder with nothing but one other in it
/// stands for that. What is no image of a kind that is read by its name, or hidden, is passed over. Files are in the order of their names,
/// whatever the file system's.
///
/// @param classes their names; empty if there are none
/// @param files by class, then by name
record ImageFolder(List<String> classes, List<Image> files) {

    /// @param label place in `classes`; 0 if there are none
    record Image(Path file, int label) {}

    private static final String TRAIN = "train";
    private static final List<String> TEST = List.of("test", "val");
    private static final int FLAT = 1;
    private static final int DEEP = Integer.MAX_VALUE;

    ImageFolder {
        classes = List.copyOf(classes);
        files = List.copyOf(files);
    }

    /// @throws UserError if there is no image of that split, or the classes cannot be told
    static ImageFolder open(Path place, Split split) {
        try {
            Path home = home(root(place));
            var parts = folders(home);
            var test = TEST.stream().filter(parts::contains).findFirst();
            if (parts.contains(TRAIN) && test.isPresent()) {
                var train = of(home.resolve(TRAIN), place, folders(home.resolve(TRAIN)));
                return split == Split.TRAIN ? train : of(home.resolve(test.get()), place, train.classes);
            }
            if (split == Split.TEST) {
                throw new UserError(String.format(Locale.ROOT, "%s: expected sub-folders train and test, found no images to test with", place));
            }
            return of(home, place, parts);
        } catch (UncheckedIOException e) {
            throw unreadable(place, e.getCause());
        } catch (IOException e) {
            throw unreadable(place, e);
        }
    }

    private static UserError unreadable(Path place, IOException e) {
        return new UserError(String.format(Locale.ROOT, "%s: cannot be read (%s)", place, e), e);
    }

    private static Path root(Path place) throws IOException {
        if (Files.isDirectory(place)) {
            return place;
        }
        if (!Files.exists(place)) {
            throw new UserError("data.dir: expected a folder of images, or a .zip archive of one, found nothing at " + place.toAbsolutePath());
        }
        try {
            return FileSystems.newFileSystem(place, Map.of()).getPath("/"); // open for as long as images are read from it
        } catch (IOException | ProviderNotFoundException | UnsupportedOperationException e) {
            throw new UserError(String.format(Locale.ROOT,
                    "%s: expected a folder of images, or a .zip archive of one, found a file that is neither (%s)", place, e.getMessage()), e);
        }
    }

    private static Path home(Path folder) throws IOException {
        var folders = folders(folder);
        return folders.size() == 1 && images(folder, FLAT).isEmpty() ? home(folder.resolve(folders.getFirst())) : folder;
    }

    private static ImageFolder of(Path folder, Path place, List<String> classes) throws IOException {
        var files = new ArrayList<Image>();
        var loose = images(folder, FLAT);
        if (!loose.isEmpty() && !classes.isEmpty()) {
            throw new UserError(String.format(Locale.ROOT,
                    "%s: expected all images in sub-folders, one a class, or all in one folder, found %s beside the sub-folder %s", place,
                    loose.getFirst().getFileName(), classes.getFirst()));
        }
        loose.forEach(file -> files.add(new Image(file, 0)));
        for (String name : folders(folder)) {
            var images = images(folder.resolve(name), DEEP);
            int label = classes.indexOf(name);
            if (label < 0) {
                throw new UserError(String.format(Locale.ROOT, "%s: expected only classes that are trained on, found %s", place, name));
            }
            images.forEach(file -> files.add(new Image(file, label)));
        }
        if (files.isEmpty()) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected PNG, JPEG, WebP or BMP images, found none", place));
        }
        return new ImageFolder(classes, files);
    }

    /// Sub-folders that hold images, however deep; others would be classes of nothing.
    private static List<String> folders(Path folder) throws IOException {
        try (var children = Files.list(folder)) {
            return children.filter(Files::isDirectory).map(child -> child.getFileName().toString()).filter(ImageFolder::isVisible)
                    .filter(name -> holdsImages(folder.resolve(name))).sorted().toList();
        }
    }

    private static boolean holdsImages(Path folder) {
        try (var files = walk(folder, DEEP)) {
            return files.findAny().isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> images(Path folder, int depth) throws IOException {
        try (var files = walk(folder, depth)) {
            return files.sorted(Comparator.comparing(file -> folder.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/")))
                    .toList();
        }
    }

    private static Stream<Path> walk(Path folder, int depth) throws IOException {
        return Files.walk(folder, depth, FileVisitOption.FOLLOW_LINKS)
                .filter(file -> isImage(folder.relativize(file)) && Files.isRegularFile(file));
    }

    private static boolean isImage(Path relative) {
        String name = relative.getFileName() == null ? "" : relative.getFileName().toString();
        return ImageFormat.isNamed(name) && StreamSupport.stream(relative.spliterator(), false).allMatch(part -> isVisible(part.toString()));
    }

    /// macOS adds a folder of its own to archives.
    private static boolean isVisible(String name) {
        return !name.startsWith(".") && !name.equals("__MACOSX");
    }
}
