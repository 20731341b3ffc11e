package dev.vertigan.notice;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Locale;

/// Something that people want to be told.
///
/// @param run the run's name
/// @param step turns made by then
/// @param message what happened
/// @param advice what to do; empty if nothing
/// @param page where a browser sees the run; empty if nowhere
public record Notice(Kind kind, String run, long step, String message, String advice, String page, Instant time) {

    /// FINDING: see [dev.vertigan.values.Finding]. ALARM: something that will become a failure if nobody sees to it.
    public enum Kind { FINISHED, FAILED, STALLED, ALARM, FINDING }

    /// As it is posted. `text` is the whole in one line, which is what most chat systems show.
    public ObjectNode json() {
        String text = run + " " + kind.name().toLowerCase(Locale.ROOT) + " at step " + step + ": " + message;
        return JsonNodeFactory.instance.objectNode().put("event", kind.name().toLowerCase(Locale.ROOT)).put("run", run).put("step", step)
                .put("message", message).put("advice", advice).put("page", page).put("time", time.toString()).put("text", text);
    }
}
