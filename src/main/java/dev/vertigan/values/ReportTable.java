package dev.vertigan.values;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reports as a page reads very many of them: numbers, column after column, of the metrics that occur.
public final class ReportTable {

    /// Bits of a NaN that no measured value has (those are canonical): it stands for what was not measured.
    public static final long ABSENT = 0x7ff8_0000_0000_ab5eL;

    private ReportTable() {}

    /// `[u32 little-endian length of the header][{"columns", "rows"}][float64 little-endian, column after column, each with that many rows]`.
    public static byte[] of(List<Report> reports) {
        var metrics = EnumSet.noneOf(Metric.class);
        reports.forEach(report -> metrics.addAll(report.values().keySet()));
        byte[] header = Stream.concat(Stream.of("step", "time"), metrics.stream().map(Metric::column))
                .collect(Collectors.joining("\",\"", "{\"columns\":[\"", "\"],\"rows\":" + reports.size() + "}")).getBytes(StandardCharsets.UTF_8);
        var bytes = ByteBuffer.allocate(Integer.BYTES + header.length + Double.BYTES * (2 + metrics.size()) * reports.size())
                .order(ByteOrder.LITTLE_ENDIAN).putInt(header.length).put(header);
        reports.forEach(report -> bytes.putDouble(report.step()));
        reports.forEach(report -> bytes.putDouble(report.time()));
        for (var metric : metrics) {
            for (var report : reports) {
                var value = report.values().get(metric);
                bytes.putLong(value == null ? ABSENT : Double.doubleToLongBits(value));
            }
        }
        return bytes.array();
    }
}
