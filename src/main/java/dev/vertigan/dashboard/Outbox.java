package dev.vertigan.dashboard;

import dev.vertigan.values.Picture;
import dev.vertigan.values.ReportJson;
import dev.vertigan.values.Scene;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What waits for one client, and what a slow one loses. Bounded whatever the client does: of every kind at most one
/// frame is on its way unacknowledged, and behind it wait one picture of each source, one scene, one status, one of each other
/// piece of news, a few exchanges and a few reports.
///
/// Pure: no sockets, no clock (times are milliseconds of any steady one), no threads.
final class Outbox {

    /// Kinds of acknowledged frames.
    private enum Kind { REPORTS, FAKE, REAL, SCENE, EXCHANGES }

    /// Something to write now.
    sealed interface Frame {

        record Text(String text) implements Frame {}

        record Image(long number, Picture picture) implements Frame {}

        record Sight(long number, Scene scene) implements Frame {}
    }

    /// Messages of turns that may wait.
    private static final int EXCHANGES = 64;

    /// @param since when it was taken to be written
    private record Sent(long number, long since) {}

    private final int maxRows;
    private final Map<Kind, Sent> unacknowledged = new EnumMap<>(Kind.class);
    private final Map<Picture.Source, Picture> pictures = new EnumMap<>(Picture.Source.class);
    private final ArrayDeque<String> rows = new ArrayDeque<>();
    private final ArrayDeque<String> exchanges = new ArrayDeque<>();
    private final Map<String, String> news = new LinkedHashMap<>(); // by type
    private Optional<Scene> scene = Optional.empty();
    private boolean gap;
    private long lastNumber;
    private long reportsNotBefore = Long.MIN_VALUE;

    /// @param maxRows reports that may wait
    Outbox(int maxRows) {
        this.maxRows = maxRows;
    }

    /// Replaces the status that waits, if one does: only the newest says how things are.
    void status(String frame) {
        news("status", frame);
    }

    /// Replaces the news of that type that waits, if some does.
    void news(String type, String frame) {
        news.put(type, frame);
    }

    /// One message of a turn, as JSON.
    void exchange(String json) {
        exchanges.add(json);
        if (exchanges.size() > EXCHANGES) {
            exchanges.remove();
        }
    }

    /// @param row as of [ReportJson#row]
    /// @return reports lost for it: 0 or 1
    int report(String row) {
        rows.add(row);
        if (rows.size() <= maxRows) {
            return 0;
        }
        rows.remove();
        gap = true;
        return 1;
    }

    /// @return pictures lost for it: 0 or 1
    int picture(Picture picture) {
        return pictures.put(picture.source(), picture) == null ? 0 : 1;
    }

    /// Replaces the scene that waits, if one does.
    void scene(Scene newest) {
        scene = Optional.of(newest);
    }

    /// Takes the next frame that may be written now; the caller writes it.
    ///
    /// @param reportInterval least milliseconds between two batches of reports
    Optional<Frame> next(long now, long reportInterval) {
        if (!news.isEmpty()) {
            return Optional.of(new Frame.Text(Optional.ofNullable(news.remove(news.keySet().iterator().next())).orElseThrow()));
        }
        if (!exchanges.isEmpty() && !unacknowledged.containsKey(Kind.EXCHANGES)) {
            return Optional.of(new Frame.Text(exchanges(number(Kind.EXCHANGES, now))));
        }
        if (!rows.isEmpty() && now >= reportsNotBefore && !unacknowledged.containsKey(Kind.REPORTS)) {
            reportsNotBefore = now + reportInterval;
            return Optional.of(new Frame.Text(reports(number(Kind.REPORTS, now))));
        }
        for (var source : Picture.Source.values()) {
            if (pictures.containsKey(source) && !unacknowledged.containsKey(kind(source))) {
                return Optional.of(new Frame.Image(number(kind(source), now), pictures.remove(source)));
            }
        }
        if (scene.isPresent() && !unacknowledged.containsKey(Kind.SCENE)) {
            var sight = new Frame.Sight(number(Kind.SCENE, now), scene.get());
            scene = Optional.empty();
            return Optional.of(sight);
        }
        return Optional.empty();
    }

    /// @return false if no such frame waits for it
    boolean acknowledge(long number) {
        return unacknowledged.values().removeIf(sent -> sent.number() == number);
    }

    /// Since when the oldest unacknowledged frame is on its way.
    Optional<Long> waitingSince() {
        return unacknowledged.values().stream().map(Sent::since).min(Comparator.naturalOrder());
    }

    private long number(Kind kind, long now) {
        unacknowledged.put(kind, new Sent(++lastNumber, now));
        return lastNumber;
    }

    private String reports(long number) {
        String frame = "{\"type\":\"reports\",\"frame\":" + number + (gap ? ",\"gap\":true" : "") + ",\"columns\":" + ReportJson.COLUMNS
                + ",\"rows\":[" + String.join(",", rows) + "]}";
        rows.clear();
        gap = false;
        return frame;
    }

    private String exchanges(long number) {
        String frame = "{\"type\":\"exchanges\",\"frame\":" + number + ",\"exchanges\":[" + String.join(",", exchanges) + "]}";
        exchanges.clear();
        return frame;
    }

    private static Kind kind(Picture.Source source) {
        return switch (source) {
            case FAKE -> Kind.FAKE;
            case REAL -> Kind.REAL;
        };
    }
}
