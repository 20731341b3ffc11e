package dev.vertigan.cli;

import dev.vertigan.train.Replay;
import java.util.Locale;

/// Shows on the console how far a replay is.
final class ReplayLine implements Replay.Watch {

    private static final long REDRAW_NANOS = 100_000_000;

    private final Console console;
    private long drawn;

    ReplayLine(Console console) {
        this.console = console;
    }

    @Override
    public boolean goesOn(Replay.Way way) {
        if (way.nanos() - drawn >= REDRAW_NANOS) {
            drawn = way.nanos();
            console.live(String.format(Locale.ROOT, "replaying step %,d of %,d, from %,d%s", way.at(), way.to(), way.from(),
                    way.secondsLeft().map(seconds -> "; " + ProgressLine.duration(seconds) + " left").orElse("")));
        }
        return true;
    }
}
