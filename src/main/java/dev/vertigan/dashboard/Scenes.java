package dev.vertigan.dashboard;

import dev.vertigan.values.Scene;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The scenes of this run that a page may want to see again, in memory. Above the budget they are thinned, the first and the
/// newest staying.
final class Scenes {

    private final long budget;
    private final TreeMap<Long, Scene> kept = new TreeMap<>();
    private long bytes;

    /// @param budget bytes at most, beside the newest
    Scenes(long budget) {
        this.budget = budget;
    }

    void add(Scene scene) {
        // The run went back, and plays those turns again.
        kept.tailMap(scene.step(), true).values().forEach(again -> bytes -= again.bytes().length);
        kept.tailMap(scene.step(), true).clear();
        kept.put(scene.step(), scene);
        bytes += scene.bytes().length;
        while (bytes > budget && kept.size() > 1) {
            thin();
        }
    }

    /// Drops the one that its neighbours do most to make up for, given its age: the farther back, the sparser.
    private void thin() {
        var steps = new ArrayList<>(kept.keySet());
        long newest = steps.getLast();
        long dropped = steps.getFirst();
        double least = Double.POSITIVE_INFINITY;
        for (int i = 1; i + 1 < steps.size(); i++) {
            double gap = (steps.get(i + 1) - steps.get(i - 1)) / (newest - steps.get(i) + 1.0);
            if (gap < least) {
                least = gap;
                dropped = steps.get(i);
            }
        }
        Optional.ofNullable(kept.remove(dropped)).ifPresent(gone -> bytes -= gone.bytes().length);
    }

    List<Long> steps() {
        return List.copyOf(kept.keySet());
    }

    Optional<Scene> at(long step) {
        return Optional.ofNullable(kept.get(step));
    }

    Optional<Scene> newest() {
        return Optional.ofNullable(kept.lastEntry()).map(Map.Entry::getValue);
    }

    /// What comes before a scene's bytes.
    static JsonObject header(Scene scene) {
        return new JsonObject().put("step", scene.step()).put("arrays", new JsonArray(scene.arrays()));
    }
}
