package dev.vertigan.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// One setting given by hand.
///
/// @param path as in `game.objective`
/// @param value JSON, or words as they are; a list may also be written with commas
/// @param source how a problem with it is told: the words that were typed
public record Assignment(String path, String value, String source) {

    private static final Pattern BETWEEN = Pattern.compile(",(?=\\s*[A-Za-z][\\w.]*\\s*=)");

    /// Reads `path=value` as `--set` takes it.
    ///
    /// @throws UserError if there is no `=` after a path
    public static Assignment parse(String text) {
        return parse("--set", text);
    }

    /// As the other, of another option.
    ///
    /// @throws UserError if there is no `=` after a path
    public static Assignment parse(String option, String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw new UserError(
                    String.format(Locale.ROOT, "%s: expected path=value, as in game.objective=minimax, found \"%s\"", option, text));
        }
        return new Assignment(text.substring(0, equals).strip(), text.substring(equals + 1).strip(), option + " " + text);
    }

    /// Reads several, with commas between them. A comma that no `path=` follows is part of a value, as in a list or a schedule.
    ///
    /// @throws UserError if one has no `=` after a path
    public static List<Assignment> parseAll(String option, String text) {
        return BETWEEN.splitAsStream(text).map(part -> parse(option, part)).toList();
    }
}
