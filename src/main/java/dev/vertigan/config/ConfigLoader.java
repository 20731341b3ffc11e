package dev.vertigan.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Lays defaults, a preset, a file and single settings over one another, later ones winning, and tells of everything that is wrong at once.
///
/// @param checks what else a configuration must satisfy, which needs knowledge from elsewhere
public record ConfigLoader(List<Check> checks) {

    /// The presets, the default first; each is a resource, `presets/<name>.json`.
    public static final List<
            String> PRESETS = List.of("conditional-digits", "digits", "mnist", "digits-dcgan", "mnist-dcgan", "cifar10-dcgan", "ring", "grid",
                    "gaussian",
                    "turning-ring", "ring-2014", "grid-2014", "gaussian-2014", "mnist-r3gan", "cifar10-r3gan", "stacked-mnist", "wgan-gp", "sn-gan",
                    "lsgan",
                    "goodfellow-mnist", "conditional-mnist");

    /// Beside the settings in a run's `config.json`: which form its folder has. Absent in folders of version 0.1.
    static final String FORMAT = "format";

    /// The newest form of a run's folder that this version reads, and the one it writes.
    static final int CURRENT_FORMAT = 2;

    /// A condition on the whole configuration.
    public interface Check {

        /// @param config every single setting of which fits
        /// @param problems told of what does not fit: the setting's path, and what was expected and found
        void check(RunConfig config, Problems problems);

        /// The settings or groups it looks at: it is left out if any of them does not fit by itself.
        default List<String> reads() {
            return List.of("");
        }

        /// A check that looks at some settings or groups only.
        static Check reading(List<String> paths, Check check) {
            return new Check() {

                @Override
                public void check(RunConfig config, Problems problems) {
                    check.check(config, problems);
                }

                @Override
                public List<String> reads() {
                    return paths;
                }
            };
        }
    }

    /// Takes problems.
    public interface Problems {

        /// @param path as in `generator.layers`
        /// @param message what was expected and what was found
        void add(String path, String message);
    }

    public ConfigLoader {
        checks = List.copyOf(checks);
    }

    /// Without further checks.
    public ConfigLoader() {
        this(List.of());
    }

    /// The configuration of a new run.
    ///
    /// @param preset one of [#PRESETS]
    /// @param file JSON with some of the settings
    /// @param assignments in order
    /// @throws UserError with every problem, one a line
    public RunConfig load(String preset, Optional<Path> file, List<Assignment> assignments) {
        var tree = new ConfigTree(Settings.defaults());
        tree.overlay(Json.read(preset(preset), "preset " + preset), "preset " + preset);
        file.ifPresent(path -> tree.overlay(settings(text(path), path.toString()), path.toString()));
        assignments.forEach(tree::overlay);
        return config(tree, "the configuration");
    }

    /// The configuration that a run wrote down. Settings that came later than the run have their default.
    ///
    /// @param source of the text, for messages
    /// @param assignments on top of it, in order
    /// @throws UserError with every problem, one a line
    public RunConfig read(String json, String source, List<Assignment> assignments) {
        var tree = new ConfigTree(Settings.defaults());
        tree.overlay(settings(json, source), source);
        assignments.forEach(tree::overlay);
        return config(tree, source);
    }

    /// The settings of a file, without the mark of its form.
    private static JsonNode settings(String json, String source) {
        var tree = Json.read(json, source);
        var format = tree instanceof ObjectNode object ? object.remove(FORMAT) : null;
        if (format != null && !(format.isIntegralNumber() && format.longValue() <= CURRENT_FORMAT)) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected a run's folder of format %d or older, found one of format %s, which a newer "
                    + "version of the program wrote; go on with that version", source, CURRENT_FORMAT, format));
        }
        return tree;
    }

    private RunConfig config(ConfigTree tree, String what) {
        var config = Json.bind(tree.root());
        Problems problems = (path, message) -> tree.note(path, message, tree.source(path));
        var bad = tree.problems().stream().map(Problem::path).toList();
        Stream.concat(CrossChecks.ALL.stream(), checks.stream())
                .filter(check -> bad.stream().noneMatch(path -> check.reads().stream().anyMatch(path::startsWith)))
                .forEach(check -> check.check(config, problems));
        var found = tree.problems();
        if (!found.isEmpty()) {
            throw new UserError(found.stream().map(Problem::toString).collect(Collectors.joining("\n  ",
                    String.format(Locale.ROOT, "%s has %s:\n  ", what, found.size() == 1 ? "a problem" : found.size() + " problems"), "")));
        }
        return config;
    }

    private static String preset(String name) {
        if (!PRESETS.contains(name)) {
            throw new UserError(
                    String.format(Locale.ROOT, "preset: expected %s, found \"%s\"%s", new Rule.OneOf(PRESETS).expected(), name,
                            Spelling.hint(name, PRESETS)));
        }
        return resource("presets/" + name + ".json");
    }

    private static String resource(String name) {
        try (var stream = ConfigLoader.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected a configuration file, found nothing there", file), e);
        } catch (CharacterCodingException e) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected JSON in UTF-8, found other bytes", file), e);
        } catch (IOException e) {
            throw new UserError(
                    String.format(Locale.ROOT, "%s: expected a configuration file, found that it cannot be read: %s", file, e.getMessage()), e);
        }
    }
}
