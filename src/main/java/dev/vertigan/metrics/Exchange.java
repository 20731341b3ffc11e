package dev.vertigan.metrics;

import java.util.Locale;

/// The messages of a turn, as a closed set of labels.
public enum Exchange {

    NEXT_BATCH, GENERATE, JUDGE, CRITIQUE, IMPROVE;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
