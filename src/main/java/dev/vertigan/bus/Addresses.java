package dev.vertigan.bus;

import dev.vertigan.values.Picture;
import dev.vertigan.values.Report;
import dev.vertigan.values.Status;

/// Every address of the event bus, and what travels there.
public final class Addresses {

    /// [Report], published.
    public static final String REPORTS = "vertigan.reports";

    /// [Status], published when the state changes and once a second while running.
    public static final String STATUS = "vertigan.status";

    /// [Picture], published.
    public static final String PICTURES = "vertigan.pictures";

    private static final ClassValue<String> OF = new ClassValue<>() {

        @Override
        protected String computeValue(Class<?> request) {
            return "vertigan." + request.getSimpleName();
        }
    };

    /// [Request] → its answer; each type its own.
    public static String of(Class<?> request) {
        return OF.get(request);
    }

    private Addresses() {}
}
