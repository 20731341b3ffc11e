package dev.vertigan.cli;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Columns;
import dev.vertigan.data.Form;
import dev.vertigan.export.OnnxModel;
import dev.vertigan.game.PlayerState;
import dev.vertigan.game.SavedDiscriminator;
import dev.vertigan.nn.Network;
import dev.vertigan.nn.Shape;
import dev.vertigan.run.RunFolders;
import dev.vertigan.run.RunReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Hands a run to other programs.
@Command(name = "export", mixinStandardHelpOptions = true, sortOptions = false, versionProvider = Main.Versions.class,
        description = "Writes a run's networks, reports and pictures for other programs, also while the run goes on and without its data.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  vertigan export runs/2026-11-21-digits --onnx g.onnx",
            "  vertigan export runs/2026-11-21-digits --step 20000 --onnx g.onnx --discriminator d.onnx",
            "  vertigan export runs/2026-11-21-digits --tensorboard logs && tensorboard --logdir logs"})
final class ExportCommand implements Callable<Integer> {

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN", description = "The run's folder.")
    private Path run;

    @Mixin
    private ChosenCheckpoint checkpoint;

    @Option(names = "--onnx", paramLabel = "FILE", converter = OutputFile.class,
            description = "The generator as an ONNX model; its metadata say how to draw z and read x.")
    private Optional<Path> generator;

    @Option(names = "--discriminator", paramLabel = "FILE", converter = OutputFile.class, description = "The discriminator likewise.")
    private Optional<Path> discriminator;

    @Option(names = "--tensorboard", paramLabel = "DIR", description = "All reports and pictures as an event file in DIR/<run>.")
    private Optional<Path> tensorBoard;

    ExportCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        checkpoint.check();
        if (generator.isEmpty() && discriminator.isEmpty() && tensorBoard.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "expected --onnx FILE, --discriminator FILE or --tensorboard DIR, found none");
        }
        tensorBoard.ifPresent(folder -> TensorBoard.write(run, Configurations.ofRun(run), folder, console));
        if (generator.isPresent() || discriminator.isPresent()) {
            networks();
        }
        return 0;
    }

    private void networks() {
        try (var open = checkpoint.open(run, console)) {
            generator.ifPresent(file -> write(file, open.network(), "z", "x", ofGenerator(open)));
            discriminator.ifPresent(file -> write(file, open));
        }
    }

    private void write(Path file, OpenGenerator open) {
        var config = open.config();
        try (var kernels = Backend.open(config.compute())) {
            var state = new PlayerState(open.step(), RunReader.at(run, open.step()).tensors());
            var judge = new SavedDiscriminator(config, Shape.of(open.form().shape()), state, kernels);
            write(file, judge.network(), "x", "logit", ofDiscriminator(open));
        }
    }

    private void write(Path file, Network network, String input, String output, Map<String, String> metadata) {
        try {
            OnnxModel.write(file, network, input, output, metadata);
        } catch (IOException e) {
            throw Sinks.unwritable(file, e);
        }
        console.line(String.format(Locale.ROOT, "%s to %s in %s", input, output, file));
    }

    private Map<String, String> ofGenerator(OpenGenerator open) {
        var metadata = origin(open);
        metadata.put("weights", checkpoint.raw() ? "as they are" : "moving average");
        boolean normal = open.config().latent().distribution() == Choice.Distribution.NORMAL;
        metadata.put("z", String.format(Locale.ROOT, "[n, %d], each number from %s", open.config().latent().size(),
                normal ? "N(0, 1)" : "U(-sqrt(3), sqrt(3))"));
        metadata.put("x", samples(open.form(), open.columns()));
        return metadata;
    }

    private Map<String, String> ofDiscriminator(OpenGenerator open) {
        var metadata = origin(open);
        metadata.put("x", samples(open.form(), open.columns()));
        metadata.put("logit", differences(open.config()) ? "[n, 1]: the larger, the more like real data; only differences have a meaning"
                : "[n, 1]: the larger, the more like real data; sigmoid(logit) is the probability");
        return metadata;
    }

    private static boolean differences(RunConfig config) {
        return !Set.of(Choice.Objective.MINIMAX, Choice.Objective.NON_SATURATING, Choice.Objective.MAXIMUM_LIKELIHOOD)
                .contains(config.game().objective());
    }

    private Map<String, String> origin(OpenGenerator open) {
        var metadata = new LinkedHashMap<String, String>();
        metadata.put("program", "VertiGAN " + Version.CURRENT);
        metadata.put("run", RunFolders.name(run));
        metadata.put("step", String.valueOf(open.step()));
        metadata.put("configuration", open.config().hash());
        if (open.classes() > 0) {
            metadata.put("class", String.format(Locale.ROOT, "[n], 0 to %d", open.classes() - 1));
        }
        return metadata;
    }

    private static String samples(Form form, Columns columns) {
        String shape = Arrays.stream(form.shape()).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        return form.image() ? String.format(Locale.ROOT, "[n, %s]: height, width, channels; black is %.0f, white 1", shape, form.black())
                : String.format(Locale.ROOT, "[n, %s]: %s", shape, IntStream.range(0, columns.names().size())
                        .mapToObj(i -> columns.scaled(i)
                                ? columns.names().get(i) + " = " + columns.means()[i] + " + " + columns.deviations()[i] + " * x[:, " + i + "]"
                                : columns.names().get(i))
                        .collect(Collectors.joining(", ")));
    }
}
