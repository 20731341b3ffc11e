package dev.vertigan.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The documentation lists every setting and preset as it is declared, in tables that are whole.
class ReadmeTest {

    private static final Pattern ROW = Pattern.compile("\\| `([\\w.<>]+)` \\| `([^`]*)` \\| ([^|]+) \\| ([^|]*)\\| ([^|]+) \\|");
    private static final Pattern CELL_END = Pattern.compile("(?<!\\\\)\\|");
    private static final Pattern PRESET = Pattern.compile("\\| `([a-z0-9-]+)` \\| [^|]+\\|");

    private static final Pattern SENT = Pattern.compile("-d '(\\{[^']*\\})' \\S*/api/run/settings|PATCH /api/run/settings` `(\\{[^`]*\\})");

    private static List<String> section(String file, String heading) throws IOException {
        var lines = Files.readAllLines(Path.of(file));
        int from = lines.indexOf(heading);
        var rest = lines.subList(from + 1, lines.size());
        return rest.stream().takeWhile(line -> !line.startsWith("#")).toList();
    }

    @Test
    void theTableTellsEverySettingAsItIsDeclared() throws IOException {
        var told = new TreeMap<String, String>();
        for (var line : section("docs/settings.md", "# Settings")) {
            var row = ROW.matcher(line);
            if (row.matches()) {
                players(row.group(1))
                        .forEach(path -> told.put(path, String.join(" | ", row.group(2), row.group(3), row.group(4).strip(), row.group(5))));
            }
        }
        var real = new TreeMap<String, String>();
        Setting.all().forEach(setting -> real.put(setting.path(), String.join(" | ", setting.initial().toString(), setting.rule().expected(),
                setting.live() ? "live" : setting.decidesResult() ? "" : "resume", setting.meaning())));
        assertEquals(lines(real), lines(told));
    }

    private static String lines(TreeMap<String, String> settings) {
        return String.join("\n", settings.entrySet().stream().map(Object::toString).toList());
    }

    private static Stream<String> players(String path) {
        return Stream.of("generator", "discriminator").map(player -> path.replace("<player>", player)).distinct();
    }

    @Test
    void theTableOfPresetsIsComplete() throws IOException {
        var told = new ArrayList<String>();
        for (var line : section("README.md", "## Presets")) {
            var row = PRESET.matcher(line);
            if (row.lookingAt()) {
                told.add(row.group(1));
            }
        }
        assertEquals(ConfigLoader.PRESETS, told);
    }

    /// Those of the examples that change a running game, as they are copied from here.
    @Test
    void whatIsSentToChangeSettingsNamesSettingsThatMayChange() throws IOException {
        var names = new ArrayList<String>();
        for (var file : documents()) {
            for (var body : SENT.matcher(Files.readString(file)).results().map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                    .toList()) {
                new ObjectMapper().readTree(body).fieldNames().forEachRemaining(names::add);
            }
        }
        var live = Setting.all().stream().filter(Setting::live).map(Setting::path).toList();
        assertTrue(!names.isEmpty() && live.containsAll(names), () -> "live settings in " + names);
    }

    private static List<Path> documents() throws IOException {
        try (var docs = Files.list(Path.of("docs"))) {
            return Stream.concat(Stream.of(Path.of("README.md")), docs.filter(path -> path.toString().endsWith(".md"))).toList();
        }
    }

    @Test
    void theRowsOfATableHaveACellForEachOfItsColumns() throws IOException {
        for (var file : documents()) {
            int columns = 0;
            for (var line : Files.readAllLines(file)) {
                int found = line.startsWith("|") ? CELL_END.split(line.strip(), -1).length : 0;
                assertTrue(columns == 0 || found == 0 || found == columns, file + ": " + line);
                columns = found;
            }
        }
    }
}
