package dev.vertigan.export;

import dev.vertigan.data.Columns;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/// Writes points as a table of comma-separated values (RFC 4180) with the columns' names in its first line, in the columns' own units.
public final class CsvWriter implements Sink {

    private static final int DIGITS = 7; // of a float32, about

    private final Columns columns;
    private final Unfinished file;
    private final CSVPrinter printer;

    /// @throws IOException if the file cannot be written
    public CsvWriter(Path path, Columns columns) throws IOException {
        this.columns = columns;
        file = new Unfinished(path);
        printer = new CSVPrinter(new OutputStreamWriter(file.stream(), StandardCharsets.UTF_8), CSVFormat.RFC4180);
        printer.printRecord(columns.names());
    }

    /// @param samples as the generator makes them, `[count, columns]`
    @Override
    public void write(float[] samples) throws IOException {
        for (int i = 0; i < samples.length; i++) {
            printer.print(text(i % columns.names().size(), samples[i]));
            if ((i + 1) % columns.names().size() == 0) {
                printer.println();
            }
        }
    }

    /// As many places as the coordinate tells of the value, so that neither is a large mean's float32 noise written nor a small deviation lost.
    private String text(int column, float coordinate) {
        if (!Float.isFinite(coordinate) || !columns.scaled(column)) {
            return Float.toString(coordinate);
        }
        int places = DIGITS - (int) Math.floor(Math.log10(columns.deviations()[column]));
        return BigDecimal.valueOf(columns.value(column, coordinate)).setScale(places, RoundingMode.HALF_EVEN).stripTrailingZeros().toPlainString();
    }

    @Override
    public void finish() throws IOException {
        printer.flush();
        file.finish();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
