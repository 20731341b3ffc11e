package dev.vertigan.cli;

import dev.vertigan.values.Report;
import dev.vertigan.values.Status;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;

/// A run in one line.
final class ProgressLine {

    private ProgressLine() {}

    /// What matters most stands first, since a narrow terminal cuts the end.
    static String of(Status status, Optional<Report> last) {
        var line = new StringJoiner("  ");
        long step = Math.max(status.step(), last.map(Report::step).orElse(0L)); // reports come more often
        line.add(status.steps() == 0 ? format("step %,d", step) : format("step %,d/%,d", step, status.steps()));
        switch (status.state()) {
            case RUNNING -> {
                status.secondsLeft().ifPresent(seconds -> line.add(duration(seconds) + " left"));
                line.add(format("%,.0f images/s", status.imagesPerSecond()));
            }
            case STARTING, STOPPED, FINISHED, FAILED -> line.add(status.state().name().toLowerCase(Locale.ROOT));
        }
        last.ifPresent(report -> report.values().forEach((metric, value) -> {
            if (!metric.progress().isEmpty()) {
                line.add(format(metric.progress(), value));
            }
        }));
        line.add(format("epoch %.1f", status.epoch()));
        return line.toString();
    }

    static String duration(double seconds) {
        long whole = Math.max(0, Math.round(seconds));
        return whole < 3600 ? format("%d:%02d", whole / 60, whole % 60) : format("%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }

    @SuppressWarnings("AnnotateFormatMethod") // the catalogue's formats are no literals
    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
