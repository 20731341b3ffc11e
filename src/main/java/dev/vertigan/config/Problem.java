package dev.vertigan.config;

import java.util.Locale;

/// One thing wrong with a configuration.
///
/// @param path the setting, as in `game.objective`
/// @param message what was expected and what was found
/// @param source where it was written: a file, a preset, or the command line's own words; may be empty
record Problem(String path, String message, String source) {

    @Override
    public String toString() {
        return source.isEmpty() ? path + ": " + message : String.format(Locale.ROOT, "%s: %s (%s)", path, message, source);
    }
}
