package dev.vertigan.data;

import dev.vertigan.config.UserError;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/// Columns of numbers of a table as points, each column scaled to mean 0 and deviation 1. What they were is in the fingerprint, see [Columns].
final class TablePoints implements Dataset {

    private final String name;
    private final List<Column> columns;
    private final ArrayLabels labels;

    /// @param values scaled
    private record Column(String name, float[] values, double mean, double deviation) {

        static Column of(String where, String name, double... values) {
            double mean = Arrays.stream(values).average().orElseThrow();
            double deviation = Math.sqrt(Arrays.stream(values).map(value -> (value - mean) * (value - mean)).average().orElseThrow());
            if (!(deviation > 0 && Double.isFinite(deviation))) {
                throw new UserError(
                        String.format(Locale.ROOT, "%s: expected finite numbers that differ in column %s, found deviation %s", where, name,
                                deviation));
            }
            var scaled = new float[values.length];
            for (int i = 0; i < scaled.length; i++) {
                scaled[i] = (float) ((values[i] - mean) / deviation);
            }
            return new Column(name, scaled, mean, deviation);
        }
    }

    private TablePoints(String name, List<Column> columns, ArrayLabels labels) {
        this.name = name;
        this.columns = columns;
        this.labels = labels;
    }

    /// Columns of a file of comma-separated values whose first line names them.
    ///
    /// @param names of those to learn
    /// @throws UserError if it cannot be read, has no such column, or something else than numbers in it
    static TablePoints csv(Path file, List<String> names) {
        try (var in = Files.newBufferedReader(file)) {
            return of("table", file.toString(), names, rows(file.toString(), in, names), ArrayLabels.NONE);
        } catch (IOException e) {
            throw none(file.toString(), e);
        }
    }

    private static UserError none(String file, Exception e) {
        return new UserError(
                String.format(Locale.ROOT, "%s: expected a table of comma-separated values with the columns' names in its first line, "
                        + "found none: %s", file, e.getMessage()),
                e);
    }

    /// The rows of such a table as they are, `[columns]` each.
    ///
    /// @param file its name, for messages
    /// @throws UserError likewise
    static List<double[]> rows(String file, Reader in, List<String> names) {
        var format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).setIgnoreEmptyLines(true).setTrim(true).get();
        try (var parser = format.parse(in)) {
            var header = parser.getHeaderNames();
            for (String wanted : names) {
                if (!header.contains(wanted)) {
                    throw new UserError(
                            String.format(Locale.ROOT, "%s: expected a column %s in its first line, found %s; data.columns names those to learn",
                                    file, wanted, header));
                }
            }
            var rows = new ArrayList<double[]>();
            for (var record : parser) {
                rows.add(names.stream().mapToDouble(wanted -> number(file, parser.getCurrentLineNumber(), record, wanted)).toArray());
            }
            return rows;
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw none(file, e);
        }
    }

    private static double number(String file, long line, CSVRecord record, String column) {
        String text = record.isSet(column) ? record.get(column) : "";
        try {
            double value = Double.parseDouble(text);
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the one message
        }
        throw new UserError(
                String.format(Locale.ROOT, "%s: expected a finite number in column %s of line %d, found \"%s\"", file, column, line, text));
    }

    /// Columns of an array `[n, columns]`, by their numbers from 0.
    ///
    /// @throws UserError if there are no such columns
    static TablePoints array(String where, NpyFile file, ArrayLabels labels, List<String> numbers) {
        long[] shape = file.shape();
        var wanted = numbers.stream().mapToInt(number -> column(where, number, file)).toArray();
        var rows = new ArrayList<double[]>();
        for (long row = 0; row < shape[0]; row++) {
            float[] values = file.rows(row, 1);
            rows.add(Arrays.stream(wanted).mapToDouble(column -> values[column]).toArray());
        }
        return of(ArrayImages.NAME, where, numbers, rows, labels);
    }

    private static int column(String where, String number, NpyFile file) {
        if (file.shape().length <= 2 && number.matches("\\d{1,6}") && Integer.parseInt(number) < file.features()) {
            return Integer.parseInt(number);
        }
        throw new UserError(
                String.format(Locale.ROOT, "%s: expected numbers of columns of an array [n, columns] in data.columns, as in 0, 1 or 0-7, found "
                        + "%s; the array is %s", where, number, Arrays.toString(file.shape())));
    }

    private static TablePoints of(String name, String where, List<String> names, List<double[]> rows, ArrayLabels labels) {
        if (rows.size() < 2) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected two rows or more, found %d", where, rows.size()));
        }
        var columns = new ArrayList<Column>();
        for (int i = 0; i < names.size(); i++) {
            int column = i;
            columns.add(Column.of(where, names.get(i), rows.stream().mapToDouble(row -> row[column]).toArray()));
        }
        return new TablePoints(name, columns, labels);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Kind kind() {
        return Kind.ofPoints(columns.size());
    }

    @Override
    public int[] shape() {
        return new int[] {columns.size()};
    }

    @Override
    public long size() {
        return columns.getFirst().values.length;
    }

    @Override
    public int classes() {
        return labels.classes();
    }

    @Override
    public int label(long index) {
        return labels.of(index);
    }

    @Override
    public boolean inMemory() {
        return true;
    }

    @Override
    public void read(long index, float[] target, int offset) {
        int row = (int) Objects.checkIndex(index, size());
        for (int i = 0; i < columns.size(); i++) {
            target[offset + i] = columns.get(i).values[row];
        }
    }

    @Override
    public Fingerprint fingerprint() {
        var facts = labels.in(Fingerprint.of(this));
        for (var column : columns) {
            facts = facts.with(Columns.MEAN + column.name, column.mean).with(Columns.DEVIATION + column.name, column.deviation)
                    .withHash("content of " + column.name, digest -> {
                        for (float value : column.values) {
                            digest.update(ByteBuffer.allocate(Float.BYTES).putFloat(value).array());
                        }
                    });
        }
        return facts;
    }
}
