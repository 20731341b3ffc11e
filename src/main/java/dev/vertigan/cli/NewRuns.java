package dev.vertigan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.dashboard.Runs.Preset;
import dev.vertigan.data.BatchOrder;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Datasets.Split;
import dev.vertigan.data.Downloads;
import dev.vertigan.data.Form;
import dev.vertigan.game.Classes;
import dev.vertigan.picture.Pictures;
import dev.vertigan.run.Journal;
import dev.vertigan.run.RunFolder;
import dev.vertigan.train.Fork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// Makes runs that are asked for on the page, beside those that are there.
final class NewRuns {

    private static final int IMAGES = 16; // in a thumbnail
    private static final int POINTS = 2_000;

    private final Path folder;
    private final RunConfig.Compute compute;
    private final Map<String, byte[]> thumbnails = new ConcurrentHashMap<>();

    /// @param folder that all runs are in
    /// @param compute what computes them, unless they say otherwise
    NewRuns(Path folder, RunConfig.Compute compute) {
        this.folder = folder;
        this.compute = compute;
    }

    static List<Preset> presets() {
        return ConfigLoader.PRESETS.stream().map(name -> {
            var config = Configurations.LOADER.load(name, Optional.empty(), List.of());
            return new Preset(name, config.data().name().written(), config.game().objective().written());
        }).toList();
    }

    /// Some of a preset's data, if they are on the disk.
    Optional<byte[]> thumbnail(String preset) {
        if (!ConfigLoader.PRESETS.contains(preset)) {
            return Optional.empty();
        }
        try {
            return Optional.of(thumbnails.computeIfAbsent(preset, NewRuns::draw));
        } catch (UserError e) {
            return Optional.empty();
        }
    }

    private static byte[] draw(String preset) {
        var config = Configurations.LOADER.load(preset, Optional.empty(), List.of());
        var dataset = Datasets.open(config.data(), Split.TRAIN, Downloads.Progress.ONLY_LOCAL);
        var form = Form.of(dataset);
        var samples = dataset.read(new BatchOrder(1, dataset.size()), 0, form.image() ? IMAGES : POINTS);
        return form.image() ? Pictures.png(form.shape(), samples, 0, form.black())
                : PointPlot.png(Datasets.mixture(config.data()), form.features(), samples);
    }

    SentData sent() {
        return SentData.besideRuns(folder);
    }

    /// The data must be there before a folder is made.
    ///
    /// @throws UserError with every problem, one a line
    void begin(String name, String preset, Map<String, JsonNode> settings, Optional<String> set) {
        var assignments = new ArrayList<>(RunMode.ofEnvironment());
        assignments.add(new Assignment("compute.threads", Integer.toString(compute.threads()), "the run that is shown"));
        assignments.add(new Assignment("compute.kernels", compute.kernels().written(), "the run that is shown"));
        settings.forEach((path, value) -> assignments.add(new Assignment(path, written(value), path + "=" + written(value))));
        set.ifPresent(chosen -> assignments.add(new Assignment("data.dir", sent().of(chosen).toString(), "data " + chosen)));
        var config = Configurations.LOADER.load(preset, Optional.empty(), assignments);
        DryRun.requireMemory(config);
        Path path = folder.resolve(name);
        Fork.requireFree(path);
        Classes.check(config, Datasets.open(config.data(), Downloads.Progress.NONE));
        try (var made = RunFolder.create(path, config.toJson())) {
            made.journal().append(0, Journal.Kind.ORIGIN, JsonNodeFactory.instance.objectNode().put("preset", preset));
        }
    }

    private static String written(JsonNode value) {
        return value instanceof ArrayNode list
                ? StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).collect(Collectors.joining(", "))
                : value.asText();
    }
}
