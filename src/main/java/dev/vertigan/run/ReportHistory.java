package dev.vertigan.run;

import dev.vertigan.bus.Report;
import java.util.ArrayList;
import java.util.List;

/// Reports in memory, in ascending order of step, as rows of doubles with each one's place in the file.
///
/// Bounded: when full, half of the older half's rows go, so that those left are evenly apart in steps. So days of history
/// stay in about 27 MB: the recent past in full, all before it evenly, if coarser. The file keeps everything.
final class ReportHistory {

    private static final int WIDTH = ReportJson.COLUMNS + 1; // the last column is the line's offset in the file
    private static final int CHUNK = 1 << 12; // rows

    private final int capacity;
    private final List<double[]> chunks = new ArrayList<>();
    private int size;

    ReportHistory(int capacity) {
        this.capacity = capacity;
    }

    int size() {
        return size;
    }

    void add(double[] row, long offset) {
        if (size == capacity) {
            thin();
        }
        if (size == chunks.size() * CHUNK) {
            chunks.add(new double[CHUNK * WIDTH]);
        }
        double[] chunk = chunks.get(size / CHUNK);
        System.arraycopy(row, 0, chunk, at(size), ReportJson.COLUMNS);
        chunk[at(size) + ReportJson.COLUMNS] = offset;
        size++;
    }

    private void thin() {
        int half = size / 2;
        double apart = 2.0 * (step(half) - step(0)) / half;
        int kept = 1;
        for (int i = 1; i < size; i++) {
            if (i >= half || step(i) - step(kept - 1) >= apart) {
                System.arraycopy(chunks.get(i / CHUNK), at(i), chunks.get(kept / CHUNK), at(kept), WIDTH);
                kept++;
            }
        }
        truncate(kept);
    }

    private static int at(int index) {
        return index % CHUNK * WIDTH;
    }

    long step(int index) {
        return (long) chunks.get(index / CHUNK)[at(index)];
    }

    /// Where the report's line begins in the file.
    long offset(int index) {
        return (long) chunks.get(index / CHUNK)[at(index) + ReportJson.COLUMNS];
    }

    Report report(int index) {
        return ReportJson.report(chunks.get(index / CHUNK), at(index));
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
