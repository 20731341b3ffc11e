package dev.vertigan.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/// The one declaration of a setting: defaults, rules, the README's table, the hash of a configuration and the page's form follow it.
///
/// @param path as in `game.objective`: where it stands among the records of [RunConfig]
/// @param rule what it may be
/// @param initial its value unless someone says otherwise
/// @param live whether it may be changed while the run goes on
/// @param decidesResult whether the numbers that a run computes depend on it
/// @param meaning in a few words, as README has it
public record Setting(String path, Rule rule, JsonNode initial, boolean live, boolean decidesResult, String meaning) {

    /// A setting that decides what a run computes.
    static Setting deciding(String path, Rule rule, Object initial, String meaning) {
        return new Setting(path, rule, Json.value(initial), false, true, meaning);
    }

    /// A setting that may differ from one resume to the next: the numbers stay the same.
    static Setting free(String path, Rule rule, Object initial, String meaning) {
        return new Setting(path, rule, Json.value(initial), false, false, meaning);
    }

    /// The same, but live.
    Setting whileRunning() {
        return new Setting(path, rule, initial, true, decidesResult, meaning);
    }

    /// The same settings as part of a group.
    static List<Setting> in(String group, List<Setting> settings) {
        return settings.stream().map(setting -> new Setting(group + "." + setting.path, setting.rule, setting.initial, setting.live,
                setting.decidesResult, setting.meaning)).toList();
    }

    /// Whether it decides which files are read or written, or who sees the run: for who has the command line, not for whoever may use the page.
    public boolean ofTheMachine() {
        return rule instanceof Rule.Place || RunConfig.serving(path);
    }

    /// All settings, in the order of [RunConfig]'s components.
    public static List<Setting> all() {
        return Settings.ALL;
    }

    /// The setting of a path.
    public static Optional<Setting> at(String path) {
        return Optional.ofNullable(Settings.BY_PATH.get(path));
    }
}
