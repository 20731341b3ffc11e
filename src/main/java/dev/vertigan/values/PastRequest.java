package dev.vertigan.values;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What is asked of the run's past, which a second game plays again beside the run.
///
/// @param <R> the answer
public sealed interface PastRequest<R extends Record> extends Request<R> {

    /// Begins to go to a step and draw its picture; a visit that is on its way ends. Answered at once.
    ///
    /// @param since turns completed after which what is measured is to be kept, as reports; empty = none of it
    record Visit(long step, Optional<Long> since) implements PastRequest<Visited> {}

    /// Asks how far the visit is.
    record GetVisit() implements PastRequest<Visited> {}

    /// Ends the visit, if it is on its way.
    record EndVisit() implements PastRequest<Visited> {}

    /// Asks for the picture of a step that was visited a short while ago.
    record GetVisitedPicture(long step) implements PastRequest<VisitedPicture> {}

    /// Asks for what the newest visit that is done has measured.
    record GetVisitedReports() implements PastRequest<VisitedReports> {}

    /// @param reports of every turn, or evenly of so many as can be kept; their time is 0, as it is not the run's
    record VisitedReports(List<Report> reports) {

        public VisitedReports {
            reports = List.copyOf(reports);
        }
    }

    /// Makes a run that begins where this one was at a step, beside it; answered when it is made.
    ///
    /// @param name its folder's
    /// @param settings those that it has otherwise, by path
    record MakeFork(long step, String name, Map<String, JsonNode> settings) implements PastRequest<ForkMade> {

        public MakeFork {
            settings = Collections.unmodifiableMap(new TreeMap<>(settings));
        }
    }

    /// @param picture empty if that step was not visited, or long ago
    record VisitedPicture(Optional<Picture> picture) {}

    /// @param name the fork's
    /// @param folder its folder
    record ForkMade(String name, String folder) {}

    /// A visit.
    ///
    /// @param step where it goes, or went
    /// @param from the step it was played from
    /// @param at turns completed so far
    /// @param secondsLeft estimated, once turns were played
    /// @param message why it failed, else empty
    /// @param notices why the bits may not be the run's own
    record Visited(State state, long step, long from, long at, Optional<Double> secondsLeft, String message, List<String> notices) {

        /// NONE: nothing was asked for yet. ENDED: by who asked, or by another visit.
        public enum State { NONE, PLAYING, DONE, ENDED, FAILED }

        public Visited {
            notices = List.copyOf(notices);
        }
    }
}
