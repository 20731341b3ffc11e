package dev.vertigan.values;

import java.util.Locale;

/// Something about the game that whoever trains should know, in plain words. What each kind means is defined in docs/evaluation.md.
///
/// @param step turns made when it was found
/// @param advice what to do
public record Finding(Kind kind, long step, String message, String advice) {

    /// What was found.
    public enum Kind {

        MODES_LOST, DISCRIMINATOR_OVERPOWERS, DISCRIMINATOR_IGNORANT, OSCILLATION, MEMORISATION, PLATEAU;

        /// Its name in journal, JSON and documentation.
        public String written() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
