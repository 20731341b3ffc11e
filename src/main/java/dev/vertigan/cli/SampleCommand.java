package dev.vertigan.cli;

import dev.vertigan.data.Datasets;
import dev.vertigan.export.CsvWriter;
import dev.vertigan.export.NpyWriter;
import dev.vertigan.export.PngArchive;
import dev.vertigan.export.PngFolder;
import dev.vertigan.game.Latents;
import dev.vertigan.game.Sampler;
import dev.vertigan.picture.Pictures;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Draws samples with a run's generator, also while the run goes on.
@Command(name = "sample", mixinStandardHelpOptions = true, sortOptions = false, versionProvider = Main.Versions.class,
        description = {"Draws samples with the generator of a run, as its newest good checkpoint has it. Needs none of the run's data.",
            "However many are drawn and written, they take no more memory, and each is the same whichever others are."},
        footerHeading = "%nExamples:%n",
        footer = {
            "  vertigan sample runs/2026-11-21-digits --out grid.png",
            "  vertigan sample runs/2026-11-21-digits --count 1000000 --npy samples.npy --save-latents z.npy",
            "  vertigan sample runs/2026-11-21-digits --interpolate 3 17 12 --out walk.png"})
final class SampleCommand implements Callable<Integer> {

    private static final int FEW = 64; // drawn if nothing else is said
    private static final int MOST_PICTURED = 10_000;
    private static final int AT_ONCE = 1024; // samples held
    private static final int INTERPOLATED = 3; // numbers
    private static final double LEAST_TRUNCATION = 0.01; // below, hardly a number drawn is within

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "The run's folder.")
    private Path run;

    @Option(names = "--count", paramLabel = "N", description = "Samples to draw (default: 64, or as many as there are latents).")
    private Optional<Long> count;

    @Option(names = "--out", paramLabel = "FILE", converter = OutputFile.class,
            description = "PNG to write, of at most 10000 samples: a grid of images, or a plot of points (default: samples.png).")
    private Optional<Path> picture;

    @Option(names = "--npy", paramLabel = "FILE", converter = OutputFile.class,
            description = "NumPy array to write, float32 [count, ...]; pixels in [0, 1], columns of a table in their own units.")
    private Optional<Path> npy;

    @Option(names = "--csv", paramLabel = "FILE", converter = OutputFile.class,
            description = "Table to write of a run on points: the columns' names, then a line a sample, in the data's own units.")
    private Optional<Path> csv;

    @Option(names = "--png", paramLabel = "FOLDER", converter = NewFolder.class,
            description = "Folder to write one PNG a sample into, a thousand in each sub-folder.")
    private Optional<Path> folder;

    @Option(names = "--tar", paramLabel = "FILE", converter = OutputFile.class, description = "Archive to write with one PNG a sample.")
    private Optional<Path> tar;

    @Mixin
    private ChosenCheckpoint checkpoint;

    @Option(names = "--seed", paramLabel = "N",
            description = "Draw other latents. With the run's own seed, the default, they begin with those of its pictures.")
    private Optional<Long> seed;

    @Option(names = "--truncation", paramLabel = "T",
            description = "Draw every coordinate of a latent within [-T, T], at least 0.01: likelier samples, less variety.")
    private Optional<Double> truncation;

    @Option(names = "--class", paramLabel = "K",
            description = "Draw this class alone, counted from 0, if the generator knows classes; else each in turn.")
    private Optional<Integer> only;

    @Option(names = "--latents", paramLabel = "FILE", description = "NumPy array [n, latent] to draw from: float32 or float64.")
    private Optional<Path> latents;

    @Option(names = "--save-latents", paramLabel = "FILE", converter = OutputFile.class,
            description = "NumPy array to write the latents to, float32 [count, latent].")
    private Optional<Path> saveLatents;

    @Option(names = "--interpolate", arity = "3", paramLabel = "N",
            description = "A B N: draw N samples on the way from latent A to latent B, counted from 0.")
    private List<Long> interpolate = List.of();

    SampleCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        check();
        var config = Configurations.ofRun(run);
        try (var given = LatentFile.open(latents, config.latent().size());
                var generator = checkpoint.open(run, console)) {
            only.ifPresent(wanted -> only(wanted, generator));
            var drawn = latents(generator, given);
            long samples = count(given);
            if (wantsPicture()) {
                requirePicture(samples, generator);
            }
            if (!generator.form().image() && (folder.isPresent() || tar.isPresent())) {
                throw wrong("--png, --tar", "a run on images", "points; --npy and --csv write them");
            }
            if (generator.form().image() && csv.isPresent()) {
                throw wrong("--csv", "a run on points", "images; --npy, --png and --tar write them");
            }
            write(generator, drawn, samples);
            console.line(String.format(Locale.ROOT, "drawn with the weights of step %d", generator.step()));
        }
        return 0;
    }

    private void check() {
        checkpoint.check();
        count.filter(number -> number < 1).ifPresent(number -> {
            throw wrong("--count", "a whole number, 1 or more", number);
        });
        truncation.filter(limit -> !(limit >= LEAST_TRUNCATION)).ifPresent(limit -> {
            throw wrong("--truncation", "a number at least " + LEAST_TRUNCATION, limit);
        });
        if (latents.isPresent() && (seed.isPresent() || truncation.isPresent())) {
            throw wrong("--latents", "latents from the file or drawn", "--seed or --truncation beside it");
        }
        if (interpolate.size() > INTERPOLATED) {
            throw wrong("--interpolate", "two latents and a number of samples, once", interpolate);
        }
        if (!interpolate.isEmpty() && (interpolate.get(0) < 0 || interpolate.get(1) < 0 || interpolate.get(2) < 2)) {
            throw wrong("--interpolate", "two latents, counted from 0, and 2 or more samples", interpolate);
        }
        if (!interpolate.isEmpty() && count.isPresent()) {
            throw wrong("--interpolate", "its own number of samples", "--count beside it");
        }
    }

    private void only(int wanted, OpenGenerator generator) {
        if (generator.classes() == 0) {
            throw wrong("--class", "a run whose players know classes", "one without");
        }
        if (wanted < 0 || wanted >= generator.classes()) {
            throw wrong("--class", "a class from 0 to " + (generator.classes() - 1), wanted);
        }
        generator.only(wanted);
    }

    private ParameterException wrong(String option, String expected, Object found) {
        return new ParameterException(spec.commandLine(), String.format(Locale.ROOT, "%s: expected %s, found %s", option, expected, found));
    }

    private boolean wantsPicture() {
        return picture.isPresent() || npy.isEmpty() && csv.isEmpty() && folder.isEmpty() && tar.isEmpty();
    }

    private void requirePicture(long samples, OpenGenerator generator) {
        long most = Math.min(MOST_PICTURED, Sampler.MOST_VALUES / generator.form().features());
        if (samples > most) {
            throw wrong("--count", String.format(Locale.ROOT, "at most %d samples in a picture; --npy, --csv, --png and --tar take any number", most),
                    samples);
        }
    }

    private Latents latents(OpenGenerator generator, LatentFile given) {
        var config = generator.config();
        long key = seed.orElse(config.seed());
        var plain = given.isPresent() ? given
                : truncation.map(limit -> Latents.truncated(config, key, limit)).orElseGet(() -> Latents.drawn(config, key));
        if (interpolate.isEmpty()) {
            return plain;
        }
        for (long end : interpolate.subList(0, 2)) {
            if (given.isPresent() && end >= given.count()) {
                throw wrong("--interpolate", "latents from 0 to " + (given.count() - 1), end);
            }
        }
        return Latents.between(config, plain, interpolate.get(0), interpolate.get(1), interpolate.get(2));
    }

    private long count(LatentFile given) {
        if (!interpolate.isEmpty()) {
            return interpolate.get(2);
        }
        long number = count.orElse(given.isPresent() ? given.count() : FEW);
        if (given.isPresent() && number > given.count()) {
            throw wrong("--count", "at most as many as there are latents, " + given.count(), number);
        }
        return number;
    }

    /// Samples come and go; only those of a picture are kept.
    private void write(OpenGenerator generator, Latents drawn, long samples) {
        var form = generator.form();
        var pictured = new float[wantsPicture() ? Math.toIntExact(samples * form.features()) : 0];
        int size = generator.config().latent().size();
        try (var sinks = new Sinks("samples"); var tables = new Sinks("samples"); var saved = new Sinks("latents")) {
            npy.ifPresent(file -> sinks.add(file, () -> new NpyWriter(file, samples, form.shape())));
            csv.ifPresent(file -> tables.add(file, () -> new CsvWriter(file, generator.columns())));
            folder.ifPresent(file -> sinks.add(file, () -> new PngFolder(file, form)));
            tar.ifPresent(file -> sinks.add(file, () -> new PngArchive(file, form)));
            saveLatents.ifPresent(file -> saved.add(file, () -> new NpyWriter(file, samples, size)));
            for (long from = 0; from < samples; from += AT_ONCE) {
                int part = (int) Math.min(AT_ONCE, samples - from);
                float[] values = generator.draw(drawn, from, part);
                if (wantsPicture()) {
                    System.arraycopy(values, 0, pictured, Math.toIntExact(from * form.features()), values.length);
                }
                form.toUnit(values);
                tables.write(values);
                sinks.write(form.image() ? values : generator.columns().values(values));
                if (saveLatents.isPresent()) {
                    saved.write(rows(drawn, from, part, size));
                }
            }
            sinks.finish(samples, console);
            tables.finish(samples, console);
            saved.finish(samples, console);
        }
        if (wantsPicture()) {
            paint(generator, pictured, samples);
        }
    }

    private static float[] rows(Latents latents, long first, int count, int size) {
        var z = Tensor.allocate(ElementType.FLOAT32, count, size);
        latents.fill(z, first);
        return z.segment().toArray(ValueLayout.JAVA_FLOAT);
    }

    private void paint(OpenGenerator generator, float[] samples, long count) {
        var form = generator.form();
        Path file = picture.orElse(Path.of("samples.png"));
        byte[] png = form.image() ? Pictures.png(form.shape(), samples, only.isPresent() ? 0 : generator.classes(), form.black())
                : PointPlot.png(Datasets.mixture(generator.config().data()), form.features(), samples);
        try {
            Files.write(file, png);
        } catch (IOException e) {
            throw Sinks.unwritable(file, e);
        }
        console.line(String.format(Locale.ROOT, "%,d samples in %s", count, file));
    }

}
