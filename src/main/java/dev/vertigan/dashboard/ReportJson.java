package dev.vertigan.dashboard;

import dev.vertigan.bus.Report;
import java.util.List;
import java.util.stream.Collectors;

/// Reports as columns and rows, so that a name is sent once and not with every value. Written straight to text: a
/// history has tens of thousands of rows.
final class ReportJson {

    /// The columns of every row, as a JSON array.
    static final String COLUMNS = List.of("step", "time", "lossD", "lossG", "scoreReal", "scoreFake", "gradientNormD", "gradientNormG",
            "updateRatioD", "updateRatioG", "turnMillis", "imagesPerSecond").stream()
            .collect(Collectors.joining("\",\"", "[\"", "\"]"));

    private ReportJson() {}

    /// One row, as a JSON array.
    static String row(Report report) {
        var row = new StringBuilder(200);
        append(row, report);
        return row.toString();
    }

    /// `{"columns": …, "rows": …, "last": …}`.
    ///
    /// @param since what `last` is if there are no reports
    static String history(List<Report> reports, long since) {
        var json = new StringBuilder(200 + 200 * reports.size());
        json.append("{\"columns\":").append(COLUMNS).append(",\"rows\":[");
        for (int i = 0; i < reports.size(); i++) {
            if (i > 0) {
                json.append(',');
            }
            append(json, reports.get(i));
        }
        long last = reports.isEmpty() ? since : reports.getLast().step();
        return json.append("],\"last\":").append(last).append('}').toString();
    }

    private static void append(StringBuilder row, Report report) {
        row.append('[').append(report.step()).append(',').append(report.time());
        number(row, report.lossD());
        number(row, report.lossG());
        number(row, report.scoreReal());
        number(row, report.scoreFake());
        number(row, report.gradientNormD());
        number(row, report.gradientNormG());
        number(row, report.updateRatioD());
        number(row, report.updateRatioG());
        number(row, report.turnMillis());
        number(row, report.imagesPerSecond());
        row.append(']');
    }

    /// JSON has no NaN and no infinity: they travel as the strings that `Number()` of JavaScript reads back.
    private static void number(StringBuilder row, double value) {
        row.append(',');
        if (Double.isFinite(value)) {
            row.append(value);
        } else {
            row.append('"').append(value).append('"');
        }
    }
}
