package dev.vertigan.cli;

import dev.vertigan.train.Replay;
import java.util.Locale;

/// Shows on the console how far a replay is.
final class ReplayLine implements Replay.Watch {

    private static final long REDRAW_NANOS = 100_000_000;

    private final Console console;
    private final String what;
    private long drawn;

    ReplayLine(Console console) {
        this(console, "replaying step");
    }

    /// @param what it plays, before the number of the step
    ReplayLine(Console console, String what) {
        this.console = console;
        this.what = what;
    }

    @Override
    public boolean goesOn(Replay.Way way) {
        if (way.nanos() - drawn >= REDRAW_NANOS) {
            drawn = way.nanos();
            console.live(String.format(Locale.ROOT, "%s %,d of %,d, from %,d%s", what, way.at(), way.to(), way.from(),
                    way.secondsLeft().map(seconds -> "; " + ProgressLine.duration(seconds) + " left").orElse("")));
        }
        return true;
    }
}
