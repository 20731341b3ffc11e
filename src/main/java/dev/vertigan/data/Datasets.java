package dev.vertigan.data;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Downloads.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// From a configured name to a data set: the one place that knows them all.
public final class Datasets {

    /// What is trained on and what evaluation alone may see.
    public enum Split { TRAIN, TEST }

    private static final long TEST_SAMPLES = 10_000;
    private static final long STACKED_TEST_SAMPLES = 26_000; // as many samples as papers count the modes of

    private Datasets() {}

    /// The data set to train on.
    ///
    /// @throws UserError if a figure makes no data set, or a file is neither there nor to be had
    public static Dataset open(RunConfig.Data config, Progress progress) {
        return open(config, Split.TRAIN, progress);
    }

    /// As above, or 10,000 samples of the same kind that none of those to train on are.
    public static Dataset open(RunConfig.Data config, Split split, Progress progress) {
        var plain = plain(config, split, progress);
        return config.scale() == Choice.Scale.SYMMETRIC && plain.kind() == Dataset.Kind.IMAGE ? new SymmetricPixels(plain) : plain;
    }

    /// The data set whose classes a network can learn to name: the one trained on, or what that stacks.
    ///
    /// @throws UserError if it has no such split
    public static Dataset named(RunConfig.Data config, Split split, Progress progress) {
        return config.name() == Choice.DataSet.STACKED_MNIST ? images(IdxArchive.MNIST, config, split, progress) : open(config, split, progress);
    }

    private static Dataset plain(RunConfig.Data config, Split split, Progress progress) {
        return switch (config.name()) {
            case DIGITS -> split == Split.TRAIN ? new Digits(config.size()) : Digits.heldOut(TEST_SAMPLES);
            case RING, GRID, GAUSSIAN -> part(mixture(config).orElseThrow(), split);
            case SPIRAL -> part(Plane.Figure.SPIRAL, config, split);
            case MOONS -> part(Plane.Figure.MOONS, config, split);
            case CHECKERBOARD -> part(Plane.Figure.CHECKERBOARD, config, split);
            case RINGS -> part(Plane.Figure.RINGS, config, split);
            case STACKED_MNIST -> {
                var digits = images(IdxArchive.MNIST, config, split, progress);
                yield split == Split.TRAIN ? new StackedDigits(digits, config.size(), 0)
                        : new StackedDigits(digits, STACKED_TEST_SAMPLES, CounterRandom.HELD_OUT);
            }
            case MNIST -> images(IdxArchive.MNIST, config, split, progress);
            case FASHION_MNIST -> images(IdxArchive.FASHION_MNIST, config, split, progress);
            case KMNIST -> images(IdxArchive.KMNIST, config, split, progress);
            case CIFAR10 -> Cifar10.ORIGINAL.open(split, folder(config.dir(), System.getenv()), new Downloads(), progress);
            case IMAGES -> config.heldOut() == 0 || ImageFolder.hasTest(Path.of(config.dir()))
                    ? FolderImages.open(config.dir(), split, config.extent(), config.channels())
                    : allOf("images", config, split, () -> FolderImages.open(config.dir(), Split.TRAIN, config.extent(), config.channels()));
            case DRAWING -> {
                var drawing = DrawnDensity.open(Path.of(config.dir()), config.spread(), config.size());
                yield split == Split.TRAIN ? drawing : drawing.heldOut(TEST_SAMPLES);
            }
            case TURNING_RING -> allOf("turning-ring", split,
                    () -> new TurningRing(config.modes(), config.spread(), config.deviation(), config.size(), config.stream().period()));
            case STREAM -> allOf(StreamedRows.NAME, split, () -> new StreamedRows(config));
            case TABLE -> allOf("table", config, split, () -> TablePoints.csv(Path.of(config.dir()), config.columnNames()));
            case ARRAY -> allOf("array", config, split, () -> array(config));
        };
    }

    /// Data of which a share is held out, if the configuration says so.
    private static Dataset allOf(String name, RunConfig.Data config, Split split, Supplier<Dataset> open) {
        if (config.heldOut() == 0) {
            return allOf(name, split, open);
        }
        return PartOfSet.of(open.get(), config.heldOut(), split);
    }

    /// Data of which nothing is held out.
    private static Dataset allOf(String name, Split split, Supplier<Dataset> open) {
        if (split != Split.TRAIN) {
            throw new UserError(name + ": expected held-out data, found none: all of it is trained on");
        }
        return open.get();
    }

    private static Dataset array(RunConfig.Data config) {
        var file = NpzArchive.open(Path.of(config.dir()));
        var labels = file.classes(config.dir());
        return config.columnNames().isEmpty() ? new ArrayImages(config.dir(), file.data(), labels, config.extent(), config.channels())
                : TablePoints.array(config.dir(), file.data(), labels, config.columnNames());
    }

    /// The shape its samples will have, as [Dataset#shape] has it: known before there are any.
    public static int[] shape(RunConfig.Data config) {
        return switch (config.name()) {
            case DIGITS, MNIST, FASHION_MNIST, KMNIST -> new int[] {28, 28, 1};
            case CIFAR10 -> new int[] {32, 32, 3};
            case IMAGES -> images(config);
            case ARRAY -> config.columnNames().isEmpty() ? images(config) : new int[] {config.columnNames().size()};
            case TABLE -> new int[] {config.columnNames().size()};
            case STACKED_MNIST -> new int[] {28, 28, 3};
            case RING, GRID, SPIRAL, MOONS, CHECKERBOARD, RINGS, DRAWING, TURNING_RING -> new int[] {2};
            case GAUSSIAN -> new int[] {1};
            case STREAM -> StreamedRows.form(config).shape();
        };
    }

    /// The mixture that is trained on, if it is one: its density is known.
    public static Optional<Mixture> mixture(RunConfig.Data config) {
        return switch (config.name()) {
            case RING -> Optional.of(Mixture.ring(config.modes(), config.spread(), config.deviation(), config.size()));
            case GRID -> Optional.of(Mixture.grid(config.modes(), config.spread(), config.deviation(), config.size()));
            case GAUSSIAN -> Optional.of(Mixture.gaussian(config.modes(), config.spread(), config.deviation(), config.size()));
            default -> Optional.empty();
        };
    }

    /// The same of data as they are.
    public static Optional<Mixture> mixture(Dataset data) {
        return data instanceof Mixture mixture ? Optional.of(mixture) : Optional.empty();
    }

    private static int[] images(RunConfig.Data config) {
        return new int[] {config.extent(), config.extent(), config.channels()};
    }

    private static Dataset part(Plane.Figure figure, RunConfig.Data config, Split split) {
        var plane = new Plane(figure, config.spread(), config.deviation(), config.size());
        return split == Split.TRAIN ? plane : plane.heldOut(TEST_SAMPLES);
    }

    private static Dataset part(Mixture mixture, Split split) {
        return split == Split.TRAIN ? mixture : mixture.heldOut(TEST_SAMPLES);
    }

    private static Dataset images(IdxArchive archive, RunConfig.Data config, Split split, Progress progress) {
        return archive.open(split, folder(config.dir(), System.getenv()), new Downloads(), progress);
    }

    /// Where downloaded data lives: `dir`, else `VERTIGAN_DATA`, else `vertigan` in the user's cache. A folder that was named
    /// must exist, so that a slip of the pen downloads nothing to the wrong place.
    static Path folder(String dir, Map<String, String> environment) {
        String variable = environment.getOrDefault("VERTIGAN_DATA", "");
        if (!dir.isEmpty()) {
            return existing("data.dir", dir);
        }
        if (!variable.isEmpty()) {
            return existing("VERTIGAN_DATA", variable);
        }
        return cache(environment);
    }

    /// `vertigan` in the user's cache.
    public static Path cache(Map<String, String> environment) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path caches = Path.of(cache).isAbsolute() ? Path.of(cache) : Path.of(System.getProperty("user.home"), ".cache");
        return caches.resolve("vertigan");
    }

    private static Path existing(String key, String dir) {
        if (!Files.isDirectory(Path.of(dir))) {
            throw new UserError(
                    String.format(Locale.ROOT, "%s: expected a folder, found none at %s. Create it, or leave %s empty to use a folder of your cache.",
                            key, Path.of(dir).toAbsolutePath(), key));
        }
        return Path.of(dir);
    }
}
