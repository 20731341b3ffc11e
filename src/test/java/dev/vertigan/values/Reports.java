package dev.vertigan.values;

import java.util.EnumMap;

/// Reports made up for tests.
public final class Reports {

    private Reports() {}

    /// @param values of the first metrics, in the catalogue's order; the others are absent
    public static Report of(long step, long time, double... values) {
        var measured = new EnumMap<Metric, Double>(Metric.class);
        for (int i = 0; i < values.length; i++) {
            measured.put(Metric.values()[i], values[i]);
        }
        return new Report(step, time, measured);
    }
}
