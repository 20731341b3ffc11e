package dev.vertigan.run;

import java.nio.file.Path;
import java.util.Locale;

/// A checkpoint file that is not what was written. Checked, because whoever reads one must have an answer to it:
/// an older checkpoint, or refusing.
public final class CorruptCheckpoint extends Exception {

    private static final long serialVersionUID = 1L;

    private final String file;
    private final String expected;
    private final String found;

    CorruptCheckpoint(Path file, String expected, String found) {
        super(String.format(Locale.ROOT, "%s: expected %s, found %s", file, expected, found));
        this.file = file.toString();
        this.expected = expected;
        this.found = found;
    }

    public Path file() {
        return Path.of(file);
    }

    public String expected() {
        return expected;
    }

    public String found() {
        return found;
    }
}
