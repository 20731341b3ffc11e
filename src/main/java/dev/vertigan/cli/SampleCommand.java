package dev.vertigan.cli;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Mixture;
import dev.vertigan.game.PlayerState;
import dev.vertigan.game.Sampler;
import dev.vertigan.nn.Shape;
import dev.vertigan.picture.Pictures;
import dev.vertigan.run.Checkpoint;
import dev.vertigan.run.Failures;
import dev.vertigan.run.RunFolder;
import dev.vertigan.values.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Draws samples with a run's generator, also while the run goes on.
@Command(name = "sample", mixinStandardHelpOptions = true, sortOptions = false, versionProvider = Main.Versions.class,
        description = "Draws samples with the moving average of the generator in a run's newest good checkpoint.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  vertigan sample runs/2026-11-21-digits --out grid.png",
            "  vertigan sample runs/2026-11-21-digits --count 10000 --npy samples.npy"})
final class SampleCommand implements Callable<Integer> {

    private static final int MOST = 10_000;

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "The run's folder.")
    private Path run;

    @Option(names = "--count", paramLabel = "N", defaultValue = "64", description = "Samples to draw, at most 10000 (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--out", paramLabel = "FILE", description = "PNG to write: a grid of images, or a plot of points (default: samples.png).")
    private Optional<Path> png;

    @Option(names = "--npy", paramLabel = "FILE", description = "NumPy array to write, float32 [count, ...]; pixels in [0, 1].")
    private Optional<Path> npy;

    SampleCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (count < 1 || count > MOST) {
            throw new ParameterException(spec.commandLine(),
                    String.format(Locale.ROOT, "--count: expected a whole number from 1 to %d, found %d", MOST, count));
        }
        var config = Configurations.LOADER.read(RunFolder.config(run), run.resolve("config.json").toString(), List.of());
        long most = Sampler.MOST_VALUES / Shape.of(Datasets.shape(config.data())).size();
        if (count > most) {
            throw new ParameterException(spec.commandLine(), String.format(Locale.ROOT, "--count: expected at most %d samples of %s, found %d", most,
                    Shape.of(Datasets.shape(config.data())), count));
        }
        var checkpoint = newest();
        var dataset = Datasets.open(config.data(), new DownloadLine(console));
        var samples = draw(config, dataset, checkpoint);
        if (png.isPresent() || npy.isEmpty()) {
            write(png.orElse(Path.of("samples.png")), file -> Files.write(file, picture(dataset, samples, checkpoint.step())));
        }
        dataset.toUnit(samples);
        npy.ifPresent(path -> write(path, file -> NpyWriter.write(file, samples, shape(dataset))));
        console.line(String.format(Locale.ROOT, "drawn with the weights of step %d", checkpoint.step()));
        return 0;
    }

    private Checkpoint newest() {
        var recovery = RunFolder.newest(run);
        recovery.rejected()
                .forEach(rejected -> console.error(String.format(Locale.ROOT, "%s is damaged and left out: %s", rejected.file(), rejected.reason())));
        return recovery.checkpoint().orElseThrow(() -> new UserError(String.format(Locale.ROOT, "%s: expected a good checkpoint, found none", run)));
    }

    /// @return `[count, features]`, as the generator makes them
    private float[] draw(RunConfig config, Dataset dataset, Checkpoint checkpoint) {
        try (var kernels = Backend.open(config.compute())) {
            var sampler = Sampler.ofFixedLatents(config, Shape.of(dataset.shape()), count, kernels);
            var samples = sampler.draw(new PlayerState(checkpoint.step(), checkpoint.tensors()));
            return samples;
        } catch (IllegalArgumentException e) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected a checkpoint of this configuration, found another: %s", run, e.getMessage()),
                    e);
        }
    }

    private byte[] picture(Dataset dataset, float[] samples, long step) {
        return dataset instanceof Mixture mixture ? MixturePlot.png(mixture, samples)
                : Pictures.of(dataset, samples, Picture.Source.FAKE, step).bytes();
    }

    private int[] shape(Dataset dataset) {
        int[] sample = dataset.shape();
        int[] shape = new int[sample.length + 1];
        shape[0] = count;
        System.arraycopy(sample, 0, shape, 1, sample.length);
        return shape;
    }

    private interface Writing {

        void to(Path file) throws IOException;
    }

    private void write(Path file, Writing writing) {
        try {
            writing.to(file);
        } catch (IOException e) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected a file that can be written: %s", file, Failures.reason(e)), e);
        }
        console.line(String.format(Locale.ROOT, "%,d samples in %s", count, file));
    }
}
