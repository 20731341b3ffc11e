package dev.vertigan.data;

import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets.Split;
import dev.vertigan.data.FileTree.Content;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Which images lie in a folder, or in a .zip archive of one, and what they are of.
///
/// If there are sub-folders `train` and `test`, or others that are usual names of the two in whatever case, these are the splits; else all is to
/// train on. In a split each sub-folder is a class, in alphabetical order; without sub-folders there are no classes. A folder with nothing but one
/// other in it stands for that. What is no image of a kind that is read, by its name, is passed over and counted; what is hidden is not there.
///
/// @param place folder or archive
/// @param classes their names; empty if there are none
/// @param files by class, then by name
/// @param passedOver how many files of each kind are not read, such as `.gif`
record ImageFolder(Path place, List<String> classes, List<Image> files, SortedMap<String, Integer> passedOver) {

    /// @param name in the folder or archive
    /// @param label place in `classes`; 0 if there are none
    record Image(String name, Content content, int label) {}

    private static final List<String> TRAIN = List.of("train", "training");
    private static final List<String> TEST = List.of("test", "testing", "val", "valid", "validation", "dev", "eval"); // the first there is

    ImageFolder {
        classes = List.copyOf(classes);
        files = List.copyOf(files);
    }

    /// @throws UserError if there is no image of that split, or the classes cannot be told
    static ImageFolder open(Path place, Split split) {
        return of(place, tree(place).files(), split);
    }

    /// Whether it has a folder of its own to test with, beside the one to train on.
    static boolean hasTest(Path place) {
        try {
            return !open(place, Split.TEST).files.isEmpty();
        } catch (UserError e) {
            return false; // opening what is trained on says what is wrong, if anything is
        }
    }

    static ImageFolder of(Path place, SortedMap<String, Content> all, Split split) {
        var images = new TreeMap<String, Content>();
        var others = new TreeMap<String, Integer>();
        all.forEach((name, content) -> {
            if (isVisible(name) && ImageFormat.isNamed(name)) {
                images.put(name, content);
            } else if (isVisible(name)) {
                others.merge(kind(name), 1, Integer::sum);
            }
        });
        if (images.isEmpty()) {
            throw new UserError(place + ": expected PNG, JPEG, WebP or BMP images, found " + (others.isEmpty() ? "none" : "only " + listed(others)));
        }
        String home = home(images);
        var parts = folders(images, home);
        var train = named(parts, TRAIN);
        var test = named(parts, TEST);
        if (train.isPresent() && test.isPresent()) {
            String root = home + (split == Split.TRAIN ? train : test).get() + "/";
            parts.stream().filter(part -> !part.equals(train.get()) && named(List.of(part), TEST).isEmpty())
                    .forEach(part -> others.merge(part + "/", within(images, home + part + "/").size(), Integer::sum));
            return of(place, within(images, root), root, folders(images, home + train.get() + "/"), others);
        }
        if (split == Split.TEST) {
            throw new UserError(place + ": expected sub-folders train and test, found no images to test with");
        }
        return of(place, within(images, home), home, parts, others);
    }

    private static FileTree tree(Path place) {
        if (!Files.exists(place)) {
            throw new UserError("data.dir: expected a folder of images, or a .zip archive of one, found nothing at " + place.toAbsolutePath());
        }
        try {
            return Files.isDirectory(place) ? FileTree.ofFolder(place) : new ZipTree(place);
        } catch (UncheckedIOException e) {
            throw unreadable(place, Objects.requireNonNull(e.getCause()));
        } catch (IOException | IllegalArgumentException e) { // both at damaged archives
            throw Files.isDirectory(place) ? unreadable(place, e)
                    : new UserError(place + ": expected a folder of images, or a .zip archive of one, found a file that is neither (" + e.getMessage()
                            + ")", e);
        }
    }

    private static UserError unreadable(Path place, Exception e) {
        return new UserError(place + ": cannot be read (" + e + ")", e);
    }

    /// The innermost folder that holds all images, with a slash behind it.
    private static String home(SortedMap<String, Content> images) {
        String home = "";
        while (true) {
            var folders = folders(images, home);
            if (folders.size() != 1 || within(images, home).size() > within(images, home + folders.getFirst() + "/").size()) {
                return home;
            }
            home += folders.getFirst() + "/";
        }
    }

    private static SortedMap<String, Content> within(SortedMap<String, Content> images, String folder) {
        return folder.isEmpty() ? images : images.subMap(folder, folder.substring(0, folder.length() - 1) + (char) ('/' + 1));
    }

    /// Sub-folders that hold images, however deep, in alphabetical order.
    private static List<String> folders(SortedMap<String, Content> images, String folder) {
        var folders = new TreeSet<String>();
        within(images, folder).keySet().forEach(name -> {
            int end = name.indexOf('/', folder.length());
            if (end >= 0) {
                folders.add(name.substring(folder.length(), end));
            }
        });
        return List.copyOf(folders);
    }

    private static Optional<String> named(List<String> folders, List<String> names) {
        return names.stream().flatMap(name -> folders.stream().filter(name::equalsIgnoreCase)).findFirst();
    }

    /// @param images of one split
    private static ImageFolder of(Path place, SortedMap<String, Content> images, String home, List<String> classes,
            SortedMap<String, Integer> others) {
        var labels = new HashMap<String, Integer>();
        classes.forEach(name -> labels.put(name, labels.size()));
        var files = new ArrayList<Image>();
        images.forEach((name, content) -> {
            int end = name.indexOf('/', home.length());
            if (end < 0 && !classes.isEmpty()) {
                throw new UserError(place + ": expected all images in sub-folders, one a class, or all in one folder, found "
                        + name.substring(home.length()) + " beside the sub-folder " + classes.getFirst());
            }
            int label = end < 0 ? 0 : labels.getOrDefault(name.substring(home.length(), end), -1);
            if (label < 0) {
                throw new UserError(place + ": expected only classes that are trained on, found " + name.substring(home.length(), end));
            }
            files.add(new Image(name, content, label));
        });
        return new ImageFolder(place, classes, files, others);
    }

    /// What is known of a data set, and of the files it is made of: how many of each class and how many bytes, their names and sizes, and what is in
    /// them if that is not much.
    ///
    /// @throws UserError if a file cannot be read
    Fingerprint fingerprint(Fingerprint known) {
        long bytes = files.stream().mapToLong(image -> image.content().size()).sum();
        var fingerprint = known.with("bytes", bytes).withHash("names and sizes", digest -> files.forEach(image -> digest.update(
                (image.name() + "\n" + image.content().size() + "\n").getBytes(StandardCharsets.UTF_8))));
        var counts = new int[classes.size()];
        files.forEach(image -> {
            if (counts.length > 0) {
                counts[image.label()]++;
            }
        });
        for (int label = 0; label < counts.length; label++) {
            fingerprint = fingerprint.with("images in " + classes.get(label), counts[label]);
        }
        return bytes > Fingerprint.MOST_HASHED ? fingerprint : fingerprint.withHash("content", digest -> files.forEach(image -> hash(image, digest)));
    }

    private void hash(Image image, MessageDigest digest) {
        try (var in = new LimitedStream(image.content().open(), ImageDecoder.MOST_BYTES)) {
            byte[] part = new byte[1 << 16];
            for (int read = in.read(part); read >= 0; read = in.read(part)) {
                digest.update(part, 0, read);
            }
        } catch (IOException e) {
            throw new UserError(place + "/" + image.name() + ": cannot be read (" + e + ")", e);
        }
    }

    /// What is passed over, in words, such as `40 files passed over: 20 .webp, 12 .txt, 8 in extra/`; empty if there is nothing.
    String remark() {
        int count = passedOver.values().stream().mapToInt(Integer::intValue).sum();
        return count == 0 ? "" : count + (count == 1 ? " file" : " files") + " passed over: " + listed(passedOver);
    }

    private static String listed(SortedMap<String, Integer> kinds) {
        return kinds.entrySet().stream().sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(kind -> kind.getValue() + (kind.getKey().endsWith("/") ? " in " : " ") + kind.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String kind(String name) {
        String file = name.substring(name.lastIndexOf('/') + 1);
        int dot = file.lastIndexOf('.');
        return dot < 0 ? "without a suffix" : file.substring(dot).toLowerCase(Locale.ROOT);
    }

    /// macOS adds a folder of its own to archives.
    private static boolean isVisible(String name) {
        return Arrays.stream(name.split("/")).noneMatch(part -> part.startsWith(".") || part.equals("__MACOSX"));
    }
}
