package dev.vertigan.cli;

import dev.vertigan.baseline.Baseline;
import dev.vertigan.baseline.Gsn;
import dev.vertigan.baseline.Nce;
import dev.vertigan.baseline.Rbm;
import dev.vertigan.baseline.Vae;
import dev.vertigan.compute.Backend;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Form;
import dev.vertigan.data.Marginals;
import dev.vertigan.export.NpyWriter;
import dev.vertigan.export.PngFolder;
import dev.vertigan.picture.Pictures;
import dev.vertigan.tensor.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

/// Trains a model that papers compare with, and draws and measures its samples.
@Command(name = "baseline", mixinStandardHelpOptions = true, sortOptions = false, versionProvider = Main.Versions.class,
        description = {"Trains a model that papers compare with on images, and draws samples of it: what a generator's stand beside.",
            "vae: a variational autoencoder, 400 hidden units on either side of 20 latents. rbm: a restricted Boltzmann machine of 500 hidden units, "
                    + "by persistent contrastive divergence. nce: the same machine, by noise-contrastive estimation. gsn: a denoising autoencoder of "
                    + "500 hidden units, by walkback."},
        footerHeading = "%nExamples:%n",
        footer = {
            "  vertigan baseline vae --out vae.png",
            "  vertigan baseline rbm --data mnist --epochs 20 --measure --npy rbm.npy"})
final class BaselineCommand implements Callable<Integer> {

    private static final int BATCH = 100;
    private static final int VAE_HIDDEN = 400;
    private static final int LATENT = 20;
    private static final int HIDDEN = 500; // of all others
    private static final double RBM_RATE = 0.05;
    private static final double NCE_RATE = 1e-3;
    private static final double CORRUPTION = 0.4;
    private static final int WALK = 5;
    private static final int MARGINAL_SAMPLES = 10_000;
    private static final int REPORTS = 20; // lines of progress

    private final Console console;

    /// Which model.
    enum Model { VAE, RBM, GSN, NCE }

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "One of ${COMPLETION-CANDIDATES}, in small letters or not.")
    private Model model;

    @Option(names = "--data", paramLabel = "NAME", defaultValue = "digits",
            description = "Images, as data.name has them (default: ${DEFAULT-VALUE}).")
    private String name;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Folder with the data set's files.")
    private Optional<String> dataDir;

    @Option(names = "--epochs", paramLabel = "N", defaultValue = "10", description = "Passes over the data (default: ${DEFAULT-VALUE}).")
    private int epochs;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "The key of every random number (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--threads", paramLabel = "N", defaultValue = "0", description = "0, the default, is one per core.")
    private int threads;

    @Option(names = "--count", paramLabel = "N", defaultValue = "100", description = "Samples to write (default: ${DEFAULT-VALUE}).")
    private int count;

    @Option(names = "--out", paramLabel = "FILE", converter = OutputFile.class, description = "PNG of all samples to write.")
    private Optional<Path> picture;

    @Option(names = "--npy", paramLabel = "FILE", converter = OutputFile.class, description = "NumPy array to write, float32 [count, ...] in [0, 1].")
    private Optional<Path> npy;

    @Option(names = "--png", paramLabel = "FOLDER", converter = NewFolder.class, description = "Folder to write one PNG a sample into.")
    private Optional<Path> folder;

    @Option(names = "--measure", description = "Print the figures of `vertigan evaluate`, real samples' beside them.")
    private boolean measured;

    BaselineCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (epochs < 1 || count < 1 || threads < 0) {
            throw new ParameterException(spec.commandLine(), "--epochs, --count: expected 1 or more, and --threads: 0 or more");
        }
        var config = config();
        var form = Form.of(config.data());
        if (!form.image()) {
            throw new UserError("--data: expected images, found " + name);
        }
        var dataset = Datasets.open(config.data(), new DownloadLine(console));
        try (var kernels = Backend.open(Choice.Kernels.AUTO, threads)) {
            var baseline = train(dataset, kernels);
            if (measured) {
                measure(config, baseline, kernels);
            }
            write(form, baseline.draw(count));
        }
        return 0;
    }

    private RunConfig config() {
        var assignments = new ArrayList<>(RunMode.ofEnvironment());
        assignments.add(new Assignment("data.name", name, "--data"));
        dataDir.ifPresent(value -> assignments.add(new Assignment("data.dir", value, "--data-dir")));
        return Main.called(spec, () -> Configurations.LOADER.read("{}", "the defaults", List.copyOf(assignments)));
    }

    private Baseline train(Dataset dataset, Kernels kernels) {
        int features = dataset.features();
        long updates = epochs * dataset.size() / BATCH;
        var baseline = switch (model) {
            case VAE -> new Vae(features, VAE_HIDDEN, LATENT, BATCH, seed, kernels);
            case RBM -> new Rbm(features, HIDDEN, BATCH, RBM_RATE, updates, seed, kernels);
            case GSN -> new Gsn(features, HIDDEN, CORRUPTION, WALK, BATCH, seed, kernels);
            case NCE -> new Nce(Marginals.means(dataset, MARGINAL_SAMPLES), HIDDEN, BATCH, NCE_RATE, updates, seed, kernels);
        };
        var order = dataset.order(seed);
        var x = kernels.allocate(BATCH, features);
        double mean = 0;
        long since = 0;
        for (long t = 0; t < updates; t++) {
            x.set(0, dataset.read(order, t * BATCH, BATCH), BATCH * features, 1);
            mean += baseline.update(x);
            since++;
            if ((t + 1) * REPORTS / updates > t * REPORTS / updates) {
                console.line(String.format(Locale.ROOT, "update %,d/%,d  %s %.2f nats", t + 1, updates, baseline.measure(), mean / since));
                mean = 0;
                since = 0;
            }
        }
        return baseline;
    }

    private void measure(RunConfig config, Baseline baseline, Kernels kernels) {
        var measuring = new Measuring(config, kernels, console);
        var evaluation = measuring.evaluation(Optional.empty());
        var figures = measuring.measure(evaluation, (_, many) -> baseline.draw(many));
        console.line(String.format(Locale.ROOT, "%-16s %10s %10s", "", "samples", "real"));
        figures.forEach((metric, value) -> console.line(String.format(Locale.ROOT, "%-16s %10.4f %10.4f  %s", metric.column(), value,
                evaluation.real().getOrDefault(metric, Double.NaN), metric.help())));
    }

    private void write(Form form, float[] samples) throws IOException {
        try (var sinks = new Sinks("samples")) {
            npy.ifPresent(file -> sinks.add(file, () -> new NpyWriter(file, count, form.shape())));
            folder.ifPresent(file -> sinks.add(file, () -> new PngFolder(file, form)));
            sinks.write(samples);
            sinks.finish(count, console);
        }
        if (picture.isPresent()) {
            Files.write(picture.get(), Pictures.png(form.shape(), samples, 0, form.black()));
            console.line(String.format(Locale.ROOT, "%,d samples in %s", count, picture.get()));
        }
    }
}
