package dev.vertigan.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// All settings together.
final class Settings {

    static final List<Setting> ALL = RunConfig.settings();

    static final Map<String, Setting> BY_PATH = byPath();

    /// The settings and the groups they stand in.
    static final Set<String> PATHS = paths();

    private Settings() {}

    private static Map<String, Setting> byPath() {
        var map = new LinkedHashMap<String, Setting>();
        ALL.forEach(setting -> map.put(setting.path(), setting));
        return map;
    }

    private static Set<String> paths() {
        var paths = new LinkedHashSet<String>();
        for (String path : BY_PATH.keySet()) {
            var groups = new ArrayList<String>();
            for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
                groups.addFirst(path.substring(0, end));
            }
            paths.addAll(groups);
        }
        return paths;
    }

    /// A new tree of all settings with their defaults.
    static ObjectNode defaults() {
        var root = Json.object();
        for (var setting : ALL) {
            var names = setting.path().split("\\.");
            var node = root;
            for (String group : Arrays.copyOf(names, names.length - 1)) {
                node = node.withObjectProperty(group);
            }
            node.set(names[names.length - 1], setting.initial().deepCopy());
        }
        return root;
    }

    /// A tree without some of its settings, and without the groups that are empty then.
    static ObjectNode without(ObjectNode tree, Collection<Setting> settings) {
        for (var setting : settings) {
            remove(tree, List.of(setting.path().split("\\.")));
        }
        return tree;
    }

    private static void remove(ObjectNode node, List<String> names) {
        if (names.size() > 1) {
            var group = (ObjectNode) node.get(names.getFirst());
            remove(group, names.subList(1, names.size()));
            if (!group.isEmpty()) {
                return;
            }
        }
        node.remove(names.getFirst());
    }
}
