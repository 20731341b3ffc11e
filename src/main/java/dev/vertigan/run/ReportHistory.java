package dev.vertigan.run;

import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Reports in memory, in ascending order of step, each with its place in the file: column by column, and only the columns that occur.
///
/// Bounded: when full, half of the older half's rows go, so that those left are evenly apart in steps. So days of history of a dozen metrics
/// stay in about 14 MB: the recent past in full, all before it evenly, if coarser.
@SuppressWarnings("ReferenceEquality") // NONE is one array
final class ReportHistory {

    private static final int CHUNK = 1 << 12; // rows
    private static final Metric[] METRICS = Metric.values();

    private final int capacity;
    private final List<Chunk> chunks = new ArrayList<>();
    private int size;

    /// Rows of some consecutive reports.
    private static final class Chunk {

        private static final long ABSENT = 0x7ff8_0000_0000_ab5eL; // bits of a NaN that no value has: those of values are canonical
        private static final long[] NONE = {};

        private final long[] steps = new long[CHUNK];
        private final long[] times = new long[CHUNK];
        private final long[] offsets = new long[CHUNK];
        private final long[][] values = new long[METRICS.length][]; // [metric][row], bits of doubles; NONE while the metric did not occur

        Chunk() {
            Arrays.fill(values, NONE);
        }

        void set(int row, Report report, long offset) {
            steps[row] = report.step();
            times[row] = report.time();
            offsets[row] = offset;
            for (var metric : METRICS) {
                var value = report.values().get(metric);
                set(metric.ordinal(), row, value == null ? ABSENT : Double.doubleToLongBits(value));
            }
        }

        void set(int row, Chunk from, int fromRow) {
            steps[row] = from.steps[fromRow];
            times[row] = from.times[fromRow];
            offsets[row] = from.offsets[fromRow];
            for (int metric = 0; metric < values.length; metric++) {
                set(metric, row, from.bits(metric, fromRow));
            }
        }

        private void set(int metric, int row, long bits) {
            if (values[metric] == NONE && bits != ABSENT) {
                values[metric] = new long[CHUNK];
                Arrays.fill(values[metric], ABSENT);
            }
            if (values[metric] != NONE) {
                values[metric][row] = bits;
            }
        }

        private long bits(int metric, int row) {
            return values[metric] == NONE ? ABSENT : values[metric][row];
        }

        Report report(int row) {
            Map<Metric, Double> measured = new EnumMap<>(Metric.class);
            for (var metric : METRICS) {
                long bits = bits(metric.ordinal(), row);
                if (bits != ABSENT) {
                    measured.put(metric, Double.longBitsToDouble(bits));
                }
            }
            return new Report(steps[row], times[row], measured);
        }
    }

    ReportHistory(int capacity) {
        this.capacity = capacity;
    }

    int size() {
        return size;
    }

    void add(Report report, long offset) {
        if (size == capacity) {
            thin();
        }
        if (size == chunks.size() * CHUNK) {
            chunks.add(new Chunk());
        }
        chunk(size).set(size % CHUNK, report, offset);
        size++;
    }

    /// Half of the older half goes.
    void thin() {
        int half = size / 2;
        double apart = 2.0 * (step(half) - step(0)) / half;
        int kept = 1;
        for (int i = 1; i < size; i++) {
            if (i >= half || step(i) - step(kept - 1) >= apart) {
                chunk(kept).set(kept % CHUNK, chunk(i), i % CHUNK);
                kept++;
            }
        }
        truncate(kept);
    }

    private Chunk chunk(int index) {
        return chunks.get(index / CHUNK);
    }

    long step(int index) {
        return chunk(index).steps[index % CHUNK];
    }

    /// The lines have moved.
    ///
    /// @param offsets where each begins now
    void relocate(long[] offsets) {
        for (int i = 0; i < size; i++) {
            chunk(i).offsets[i % CHUNK] = offsets[i];
        }
    }

    /// Where the report's line begins in the file.
    long offset(int index) {
        return chunk(index).offsets[index % CHUNK];
    }

    Report report(int index) {
        return chunk(index).report(index % CHUNK);
    }

    /// Keeps the first `count`.
    void truncate(int count) {
        size = count;
        while (chunks.size() > Math.ceilDiv(count, CHUNK)) {
            chunks.removeLast();
        }
    }

    /// Index of the first report with a step greater than `step`, or [#size].
    int firstAfter(long step) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (step(middle) > step) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /// Reports [from, to): all if there are at most `limit`, else that many or a few less, evenly apart in steps (not in
    /// rows: what is far back has fewer of them), with the first (unless `limit` is 1) and the last.
    List<Report> thinned(int from, int to, int limit) {
        var reports = new ArrayList<Report>(Math.min(limit, to - from));
        if (to - from <= limit) {
            for (int i = from; i < to; i++) {
                reports.add(report(i));
            }
            return reports;
        }
        double first = step(from);
        double span = step(to - 1) - first;
        int previous = -1;
        for (int k = 0; k < limit; k++) {
            int index = k == limit - 1 ? to - 1 : firstAfter((long) (first + span * k / (limit - 1))) - 1;
            if (index != previous) {
                reports.add(report(index));
            }
            previous = index;
        }
        return reports;
    }
}
