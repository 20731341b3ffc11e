package dev.vertigan.run;

import dev.vertigan.values.Picture;
import dev.vertigan.values.Scene;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pictures of a run in a folder, by step: listed once and known from then on, and within a budget.
///
/// When there are too many, one goes that is missed least: the newest quarter stays whole, and before it each is the farther from its
/// neighbours, the later it is. So a run's beginning, where most happens, and its end are dense, whatever its length. One thread writes; any
/// may ask.
final class PictureStore {

    /// As many as a slider can show.
    static final int MOST = 2_000;

    private static final Pattern SCENE = Pattern.compile("duel-(\\d{9,18})\\.scene");
    private static final Pattern NAME = Pattern.compile("fakes-(\\d{9,18})\\.(png|f32)");
    private static final long BLOCK = 4096; // the disk's: a small file takes as much
    private static final Logger LOG = LoggerFactory.getLogger(PictureStore.class);

    private final Path folder;
    private final NavigableMap<Long, Kept> pictures = new ConcurrentSkipListMap<>();
    private long bytes;

    /// @param bytes it takes on the disk
    private record Kept(Path file, long bytes) {}

    private PictureStore(Path folder) {
        this.folder = folder;
    }

    static PictureStore open(Path folder) throws IOException {
        return open(folder, NAME);
    }

    /// Of the scenes of the duel that belong to pictures, in the same folder.
    static PictureStore ofScenes(Path folder) throws IOException {
        return open(folder, SCENE);
    }

    private static PictureStore open(Path folder, Pattern name) throws IOException {
        var store = new PictureStore(folder);
        for (var entry : StepFiles.list(folder, name).entrySet()) {
            if (Files.isRegularFile(entry.getValue())) {
                store.add(entry.getKey(), entry.getValue(), Files.size(entry.getValue()));
            }
        }
        return store;
    }

    /// Those of a folder, by step.
    static SortedMap<Long, Path> list(Path folder) throws IOException {
        return StepFiles.list(folder, NAME);
    }

    private void add(long step, Path file, long size) {
        long taken = Math.ceilDiv(size, BLOCK) * BLOCK;
        var before = pictures.put(step, new Kept(file, taken));
        bytes += taken - (before == null ? 0 : before.bytes);
    }

    /// Keeps a picture: whole or not at all, but not forced to disk, since it can be drawn again.
    ///
    /// @param budget bytes that all may take
    Path save(Picture picture, long budget) throws IOException {
        String suffix = picture.format() == Picture.Format.PNG ? "png" : "f32"; // f32: little-endian float32 [count, width]
        Path file = write(String.format(Locale.ROOT, "%ss-%09d.%s", picture.source().name().toLowerCase(Locale.ROOT), picture.step(), suffix),
                picture.bytes());
        if (picture.source() == Picture.Source.FAKE) {
            keep(picture.step(), file, picture.bytes().length, budget);
        }
        return file;
    }

    /// Keeps a scene likewise.
    void save(Scene scene, long budget) throws IOException {
        byte[] file = scene.file();
        keep(scene.step(), write(String.format(Locale.ROOT, "duel-%09d.scene", scene.step()), file), file.length, budget);
    }

    private Path write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Path temporary = Durable.temporary(file);
        try {
            Files.write(temporary, content);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Durable.DISK.deleteQuietly(temporary, e);
            throw e;
        }
        return file;
    }

    private void keep(long step, Path file, long size, long budget) throws IOException {
        add(step, file, size);
        while (pictures.size() > 2 && (bytes > budget || pictures.size() > MOST)) {
            remove(leastMissed());
        }
    }

    /// Of those before the newest quarter the one whose neighbours are nearest, relative to the step.
    private long leastMissed() {
        long found = pictures.firstKey();
        double least = Double.POSITIVE_INFINITY;
        int candidates = pictures.size() - Math.max(1, pictures.size() / 4);
        long before = -1;
        long at = -1;
        for (long after : pictures.keySet()) {
            if (before >= 0) {
                double apart = (after - before) / (double) (at + 1);
                if (apart < least) {
                    least = apart;
                    found = at;
                }
            }
            if (--candidates < 0) {
                break;
            }
            before = at;
            at = after;
        }
        return found;
    }

    private void remove(long step) throws IOException {
        var kept = Objects.requireNonNull(pictures.remove(step));
        bytes -= kept.bytes;
        Files.deleteIfExists(kept.file);
    }

    /// Gives up half of the pictures, every second one, so that something of more worth has room.
    ///
    /// @return whether there were any to give up
    boolean giveUpHalf() {
        int before = pictures.size();
        boolean keep = false;
        for (long step : pictures.keySet()) {
            if (!keep) {
                try {
                    remove(step);
                } catch (IOException e) {
                    LOG.warn("{}: an old picture stays: {}", folder, Failures.reason(e));
                }
            }
            keep = !keep;
        }
        return before > 0;
    }

    /// Removes what was drawn after `step`.
    ///
    /// @return the last step of which there was a picture
    Optional<Long> rewindTo(long step) throws IOException {
        var last = Optional.ofNullable(pictures.lastEntry()).map(Map.Entry::getKey);
        for (long later : pictures.tailMap(step, false).keySet()) {
            remove(later);
        }
        return last;
    }

    SortedSet<Long> steps() {
        return Collections.unmodifiableSortedSet(pictures.navigableKeySet());
    }

    SortedMap<Long, Path> files() {
        var files = new TreeMap<Long, Path>();
        pictures.forEach((step, kept) -> files.put(step, kept.file));
        return files;
    }

    Optional<Path> file(long step) {
        return Optional.ofNullable(pictures.get(step)).map(Kept::file);
    }

    long bytes() {
        return bytes;
    }
}
