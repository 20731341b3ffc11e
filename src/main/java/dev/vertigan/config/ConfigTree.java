package dev.vertigan.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Settings laid over one another, each remembered with where it came from. Whatever is wrong is noted, and what went before stays.
final class ConfigTree {

    private final ObjectNode root;
    private final Map<String, String> sources = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    /// @param defaults every setting there is; changed in place
    ConfigTree(ObjectNode defaults) {
        this.root = defaults;
    }

    ObjectNode root() {
        return root;
    }

    /// All that was wrong so far, in order.
    List<Problem> problems() {
        return Collections.unmodifiableList(problems);
    }

    /// Where a setting's value was written.
    String source(String path) {
        return sources.getOrDefault(path, "default");
    }

    void note(String path, String message, String source) {
        problems.add(new Problem(path, message, source));
    }

    /// Lays settings over those that are there; objects are merged, lists and values replaced.
    void overlay(JsonNode settings, String source) {
        merge(root, "", settings, source);
    }

    /// Lays one setting over what is there.
    void overlay(Assignment assignment) {
        var parents = new ArrayList<>(Arrays.asList(assignment.path().split("\\.", -1)));
        JsonNode known = root;
        for (String name : parents) {
            known = known.path(name);
        }
        if (known.isMissingNode()) {
            unknown(assignment.path(), assignment.source());
            return;
        }
        JsonNode value = value(assignment, known);
        if (known.isObject()) {
            merge((ObjectNode) known, assignment.path() + ".", value, assignment.source());
        } else {
            String name = parents.removeLast();
            put(parents.isEmpty() ? root : (ObjectNode) root.at("/" + String.join("/", parents)), name, assignment.path(), value,
                    assignment.source());
        }
    }

    /// Changes settings, given by their paths.
    ///
    /// @param anyOne whether also those that are not live
    void change(Map<String, JsonNode> changes, boolean anyOne) {
        changes.forEach((path, value) -> {
            var setting = Settings.BY_PATH.get(path);
            if (setting == null) {
                unknown(path, "");
            } else if (!setting.live() && !anyOne) {
                note(path, setting.decidesResult()
                        ? "expected a setting that may change while the run goes on; this one takes a new run, by `vertigan train`"
                        : "expected a setting that may change while the run goes on; this one may differ at the next `vertigan resume --set`",
                        "");
            } else {
                put((ObjectNode) Json.at(root, path.contains(".") ? path.substring(0, path.lastIndexOf('.')) : ""),
                        path.substring(path.lastIndexOf('.') + 1), path, value, "");
            }
        });
    }

    /// The value that words on a command line mean where `known` stands.
    private static JsonNode value(Assignment assignment, JsonNode known) {
        String text = assignment.value();
        if (known.isTextual() && !text.startsWith("\"")) {
            return Json.text(text);
        }
        if (known instanceof ArrayNode && !text.startsWith("[")) {
            var list = Json.list();
            Arrays.stream(text.split(",")).map(String::strip).forEach(list::add);
            return list;
        }
        return Json.parse(text).orElseGet(() -> Json.text(text));
    }

    private void merge(ObjectNode into, String prefix, JsonNode settings, String source) {
        if (!(settings instanceof ObjectNode object)) {
            String path = prefix.isEmpty() ? "settings" : prefix.substring(0, prefix.length() - 1);
            note(path, "expected settings {" + String.join(", ", names(into)) + "}, found " + Rule.found(settings), source);
            return;
        }
        for (var property : object.properties()) {
            String path = prefix + property.getKey();
            switch (into.get(property.getKey())) {
                case null -> unknown(path, source);
                case ObjectNode inner -> merge(inner, path + ".", property.getValue(), source);
                case JsonNode _ -> put(into, property.getKey(), path, property.getValue(), source);
            }
        }
    }

    private void put(ObjectNode into, String name, String path, JsonNode value, String source) {
        var rule = Objects.requireNonNull(Settings.BY_PATH.get(path), path).rule();
        if (rule.accepts(value)) {
            into.set(name, rule.kept(value));
            sources.put(path, source);
        } else {
            note(path, rule.refusal(value), source);
        }
    }

    private void unknown(String path, String source) {
        note(path, "unknown setting" + Spelling.hint(path, Settings.PATHS), source);
    }

    private static List<String> names(ObjectNode node) {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
