package dev.vertigan.config;

/// One thing wrong with a configuration.
///
/// @param path the setting, as in `game.objective`
/// @param message what was expected and what was found
/// @param source where it was written: a file, a preset, or the command line's own words
record Problem(String path, String message, String source) {

    @Override
    public String toString() {
        return "%s: %s (%s)".formatted(path, message, source);
    }
}
