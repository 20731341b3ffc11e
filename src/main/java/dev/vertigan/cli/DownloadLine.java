package dev.vertigan.cli;

import dev.vertigan.data.Downloads;
import java.util.Locale;

/// Shows how far a download or a long read is, as a bar in the live line.
record DownloadLine(Console console) implements Downloads.Progress, AutoCloseable {

    private static final int BAR = 30;
    private static final double MEGABYTE = 1e6;

    @Override
    public void update(String what, long done, long total) {
        int filled = (int) (BAR * done / Math.max(1, total));
        console.live(String.format(Locale.ROOT, "%s [%s%s] %.1f/%.1f MB", what, "#".repeat(filled), " ".repeat(BAR - filled),
                done / MEGABYTE, total / MEGABYTE));
    }

    @Override
    public void close() {
        console.settle();
    }
}
