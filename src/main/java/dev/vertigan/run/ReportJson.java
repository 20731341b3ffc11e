package dev.vertigan.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.vertigan.bus.Report;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/// A report as a row of doubles, and a row as a line of JSON. What is not finite becomes "NaN", "Infinity" or "-Infinity".
final class ReportJson {

    /// Doubles in a row.
    static final int COLUMNS = 12;

    // In the row's order; step and time first, which a double holds exactly up to 2^53.
    private static final List<String> NAMES = List.of("step", "time", "lossD", "lossG", "scoreReal", "scoreFake", "gradientNormD",
            "gradientNormG", "updateRatioD", "updateRatioG", "turnMillis", "imagesPerSecond");

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
            .build();

    private ReportJson() {}

    static double[] row(Report r) {
        return new double[] {r.step(), r.time(), r.lossD(), r.lossG(), r.scoreReal(), r.scoreFake(), r.gradientNormD(), r.gradientNormG(),
            r.updateRatioD(), r.updateRatioG(), r.turnMillis(), r.imagesPerSecond()};
    }

    /// The report whose row begins at `values[at]`.
    static Report report(double[] values, int at) {
        return new Report((long) values[at], (long) values[at + 1], values[at + 2], values[at + 3], values[at + 4], values[at + 5], values[at + 6],
                values[at + 7], values[at + 8], values[at + 9], values[at + 10], values[at + 11]);
    }

    /// One line, with its newline.
    static byte[] encode(double[] row) {
        var bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            for (int i = 0; i < COLUMNS; i++) {
                json.writeFieldName(NAMES.get(i));
                if (i < 2) {
                    json.writeNumber((long) row[i]);
                } else {
                    json.writeNumber(row[i]);
                }
            }
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail to be written", e);
        }
        return bytes.toByteArray();
    }

    /// The row of one line, or nothing if the line is not a report. Names it does not know are left to newer versions.
    static Optional<double[]> decode(byte[] line) {
        double[] row = new double[COLUMNS];
        boolean[] found = new boolean[COLUMNS];
        try (JsonParser json = JSON.createParser(line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            for (int i = 0; json.nextToken() == JsonToken.FIELD_NAME; i++) {
                int column = i < COLUMNS && NAMES.get(i).equals(json.currentName()) ? i : NAMES.indexOf(json.currentName());
                JsonToken value = json.nextToken();
                if (column < 0) {
                    json.skipChildren();
                } else {
                    row[column] = value == JsonToken.VALUE_STRING ? nonFinite(json.getText()) : json.getDoubleValue();
                    found[column] = true;
                }
            }
            boolean whole = json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null;
            for (boolean column : found) {
                whole &= column;
            }
            return whole ? Optional.of(row) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static double nonFinite(String text) {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw new NumberFormatException(text);
        };
    }
}
