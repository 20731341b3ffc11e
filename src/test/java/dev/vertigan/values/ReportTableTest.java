package dev.vertigan.values;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTableTest {

    @Test
    void aTableSaysTheSameAsRowsDo() {
        var reports = List.of(new Report(1, 1_700_000_000_001L, Map.of(Metric.LOSS_D, 0.1, Metric.TURN_MILLIS, Double.POSITIVE_INFINITY)),
                new Report(5, 1_700_000_000_002L, Map.of()), new Report(9, 1_700_000_000_003L, Map.of(Metric.LOSS_D, Double.NaN)));
        var table = Buffer.buffer(ReportTable.of(reports));
        int start = 4 + table.getIntLE(0);
        var header = new JsonObject(table.getString(4, start));
        var columns = header.getJsonArray("columns");
        assertEquals(3, header.getInteger("rows"));
        assertEquals(start + 8 * 3 * columns.size(), table.length());
        var rows = new JsonObject(ReportJson.history(reports, 0));
        var names = rows.getJsonArray("columns");
        for (int row = 0; row < 3; row++) {
            var values = rows.getJsonArray("rows").getJsonArray(row);
            for (int at = 0; at < names.size(); at++) {
                assertEquals(values.getValue(at) == null ? "absent" : String.valueOf(number(values, at)),
                        found(table, start, columns, row, names.getString(at)));
            }
        }
    }

    private static double number(JsonArray values, int at) {
        return Double.parseDouble(values.getValue(at).toString());
    }

    private static String found(Buffer table, int start, JsonArray columns, int row, String name) {
        int column = columns.getList().indexOf(name);
        int place = start + 8 * (3 * column + row);
        return column < 0 || table.getLongLE(place) == ReportTable.ABSENT ? "absent" : String.valueOf(table.getDoubleLE(place));
    }
}
