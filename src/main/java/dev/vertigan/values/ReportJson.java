package dev.vertigan.values;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reports as JSON: one object a line for a file, joined by name; columns and rows for a wire, so that a name is sent once and not with every
/// value. What is not finite is "NaN", "Infinity" or "-Infinity", which JavaScript's `Number()` reads back too.
public final class ReportJson {

    private static final String STEP = "step";
    private static final String TIME = "time";
    private static final Metric[] METRICS = Metric.values();

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build();

    /// The columns of every row, as a JSON array.
    public static final String COLUMNS = Stream.concat(Stream.of(STEP, TIME), Arrays.stream(METRICS).map(Metric::column))
            .collect(Collectors.joining("\",\"", "[\"", "\"]"));

    private ReportJson() {}

    /// One line, with its newline: what was measured, by name.
    public static byte[] line(Report report) {
        var bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField(STEP, report.step());
            json.writeNumberField(TIME, report.time());
            for (var entry : report.values().entrySet()) {
                json.writeNumberField(entry.getKey().column(), entry.getValue());
            }
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail to be written", e);
        }
        return bytes.toByteArray();
    }

    /// The report of one line; empty if it is none. Columns of other versions are passed over.
    public static Optional<Report> read(byte[] line) {
        long step = -1;
        long time = -1;
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        try (JsonParser json = JSON.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                switch (name) {
                    case STEP -> step = whole(json);
                    case TIME -> time = whole(json);
                    default -> {
                        var metric = Metric.of(name);
                        if (metric.isPresent()) {
                            values.put(metric.get(), value == JsonToken.VALUE_STRING ? nonFinite(json.getText()) : json.getDoubleValue());
                        } else {
                            json.skipChildren();
                        }
                    }
                }
            }
            boolean whole = json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null && step >= 0 && time >= 0;
            return whole ? Optional.of(new Report(step, time, values)) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static long whole(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw new NumberFormatException(json.getText());
        }
        return json.getLongValue();
    }

    private static double nonFinite(String text) {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw new NumberFormatException(text);
        };
    }

    /// One row, as a JSON array; what was not measured is `null`.
    public static String row(Report report) {
        var row = new StringBuilder(200);
        append(row, report);
        return row.toString();
    }

    /// `{"columns": …, "rows": …, "last": …}`.
    ///
    /// @param since what `last` is if there are no reports
    public static String history(List<Report> reports, long since) {
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
        for (var metric : METRICS) {
            row.append(',');
            var value = report.values().get(metric);
            if (value == null || Double.isFinite(value)) {
                row.append(value);
            } else {
                row.append('"').append(value).append('"');
            }
        }
        row.append(']');
    }
}
