package dev.vertigan.config;

import java.util.Locale;

/// One setting given by hand.
///
/// @param path as in `game.objective`
/// @param value JSON, or words as they are; a list may also be written with commas
/// @param source how a problem with it is told: the words that were typed
public record Assignment(String path, String value, String source) {

    /// Reads `path=value` as `--set` takes it.
    ///
    /// @throws UserError if there is no `=` after a path
    public static Assignment parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new UserError(String.format(Locale.ROOT, "--set: expected path=value, as in game.objective=minimax, found \"%s\"", text));
        }
        return new Assignment(text.substring(0, equals).strip(), text.substring(equals + 1).strip(), "--set " + text);
    }
}
