package dev.vertigan.bus;

/// Every address of the event bus, and what travels there.
public final class Addresses {

    /// [dev.vertigan.values.Report], published.
    public static final String REPORTS = "vertigan.reports";

    /// [dev.vertigan.values.Status], published when the state changes and once a second while running.
    public static final String STATUS = "vertigan.status";

    /// [dev.vertigan.values.Finding], published.
    public static final String FINDINGS = "vertigan.findings";

    /// [dev.vertigan.values.Findings], published when they change.
    public static final String STANDING = "vertigan.standing";

    /// [dev.vertigan.values.Picture], published.
    public static final String PICTURES = "vertigan.pictures";

    /// [dev.vertigan.values.Scene], published while someone looks.
    public static final String SCENES = "vertigan.scenes";

    /// [dev.vertigan.values.Scene] of a turn under way, published while someone steps through it; not to be kept.
    public static final String GLIMPSES = "vertigan.glimpses";

    /// [dev.vertigan.values.Tempo], published when it changes and once a second while someone looks.
    public static final String TEMPO = "vertigan.tempo";

    /// [dev.vertigan.values.Exchange], published while someone looks and turns are slow.
    public static final String EXCHANGES = "vertigan.exchanges";

    /// [dev.vertigan.values.Pulse], published once a second while someone looks.
    public static final String PULSE = "vertigan.pulse";

    /// [dev.vertigan.values.Scene] of the players' layers, published every so many turns.
    public static final String LAYERS = "vertigan.layers";

    /// [dev.vertigan.values.Audience], published when it changes.
    public static final String AUDIENCE = "vertigan.audience";

    private static final ClassValue<String> OF = new ClassValue<>() {

        @Override
        protected String computeValue(Class<?> request) {
            return "vertigan." + request.getSimpleName();
        }
    };

    /// [dev.vertigan.values.Request] → its answer; each type its own.
    public static String of(Class<?> request) {
        return OF.get(request);
    }

    private Addresses() {}
}
