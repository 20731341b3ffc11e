package dev.vertigan.bus;

/// Every address of the event bus, and what travels there.
public final class Addresses {

    /// [Report], published.
    public static final String REPORTS = "vertigan.reports";

    /// [Status], published when the state changes and once a second while running.
    public static final String STATUS = "vertigan.status";

    /// [Picture], published.
    public static final String PICTURES = "vertigan.pictures";

    /// [Request] → its answer; each type its own.
    public static String of(Class<?> request) {
        return "vertigan." + request.getSimpleName();
    }

    private Addresses() {}
}
