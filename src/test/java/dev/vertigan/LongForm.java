package dev.vertigan;

/// How long the tests tagged `long` go on: `-Plong` plays them in full, `-Plong -Dlong.form=short` as far as continuous integration has time.
public final class LongForm {

    private static final boolean FULL = System.getProperty("vertigan.long", "short").equals("full");

    private LongForm() {}

    /// One of two sizes of a test: repetitions, seconds, clients.
    public static int of(int brief, int full) {
        return FULL ? full : brief;
    }
}
