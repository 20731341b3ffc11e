package dev.vertigan.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Fingerprint;
import dev.vertigan.run.Journal;
import dev.vertigan.tensor.Kernels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What a run's numbers come from besides its weights: settings, data, and what computes. The journal's START keeps it, and a RESUME what has
/// changed since, so that nothing changes without a word.
///
/// @param kernels in words
public record Origin(RunConfig config, String kernels, Fingerprint data) {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String CONFIG = "config";
    private static final String KERNELS = "kernels";
    static final String DATA = "data";

    private static final Pattern BITWISE_ALIKE = Pattern.compile(", \\d+ threads?$"); // kernels give the same bits on any number of threads

    static Origin of(RunConfig config, Kernels kernels, Dataset dataset) {
        return new Origin(config, BITWISE_ALIKE.matcher(kernels.describe()).replaceAll(""), dataset.fingerprint());
    }

    /// What is to be journalled.
    ///
    /// @param details of the START or RESUME
    /// @param accepted settings that decide the result and are others from here on, by path: an EDIT
    /// @param notices for whoever resumes
    record Changes(ObjectNode details, Map<String, JsonNode> accepted, List<String> notices) {}

    /// Compares with what the journal says; what it does not say, as an earlier version did not, is as it is now.
    ///
    /// @param accepted whether other settings are meant to be
    /// @throws UserError if settings that decide the result differ and that is not meant
    Changes since(List<Journal.Entry> journal, boolean accepted) {
        var details = JSON.createObjectNode();
        var notices = new ArrayList<String>();
        var before = latest(journal, CONFIG).map(Origin::config);
        var settings = before.map(config::differencesFrom).orElse(List.of());
        if (!settings.isEmpty() && !accepted) {
            throw new UserError("config.json: expected the settings that the run was begun with, found others:\n  " + String.join("\n  ", settings)
                    + "\nPut them back; or, if that is meant, `resume --accept-changes` goes on with them. What may change while a run goes on, as "
                    + "learning rates, is better changed by `resume --set`.");
        }
        if (before.isEmpty() || !settings.isEmpty()) {
            details.set(CONFIG, tree(config.toJson()));
        }
        settings.forEach(difference -> notices.add("from here on " + difference));
        var dataBefore = latest(journal, DATA).map(Origin::data);
        var differences = dataBefore.map(data::differences).orElse(List.of());
        if (dataBefore.isEmpty() || !differences.isEmpty()) {
            var facts = details.putObject(DATA);
            data.facts().forEach(facts::put);
        }
        differences.forEach(difference -> notices.add("the data set has changed: " + difference));
        var kernelsBefore = latest(journal, KERNELS).map(JsonNode::asText);
        if (!kernelsBefore.equals(Optional.of(kernels))) {
            details.put(KERNELS, kernels);
            kernelsBefore.ifPresent(other -> notices.add("not bit-exact from here: computed by " + kernels + ", before by " + other));
        }
        return new Changes(details, before.map(config::changesFrom).orElseGet(LinkedHashMap::new), notices);
    }

    /// Why turns from one step to another, played again now, may not have the bits they had: what else computed them, or from what other data.
    List<String> deviations(List<Journal.Entry> journal, long from, long to) {
        var others = inForce(journal, KERNELS, from, to).map(JsonNode::asText).filter(other -> !other.equals(kernels))
                .map(other -> "not bit-exact: the run was computed by " + other + ", this by " + kernels);
        var otherData = inForce(journal, DATA, from, to).map(then -> data.differences(data(then))).filter(differences -> !differences.isEmpty())
                .map(differences -> "not bit-exact: the data set has changed: " + String.join("; ", differences));
        return Stream.concat(others, otherData).distinct().toList();
    }

    /// What the journal kept under a key that held for a turn after `from` and up to `to`.
    private static Stream<JsonNode> inForce(List<Journal.Entry> journal, String key, long from, long to) {
        var kept = kept(journal, key).toList();
        return IntStream.range(0, kept.size())
                .filter(i -> from < to && kept.get(i).step() < to && (i + 1 == kept.size() || kept.get(i + 1).step() > from))
                .mapToObj(i -> kept.get(i).details().get(key));
    }

    /// What the data were that the turns up to a step were trained on, as far as the journal says.
    public static Fingerprint data(List<Journal.Entry> journal, long step) {
        var kept = kept(journal, DATA).toList();
        return kept.stream().filter(entry -> entry.step() < step).reduce((_, later) -> later).or(() -> kept.stream().findFirst())
                .map(entry -> data(entry.details().get(DATA))).orElse(new Fingerprint(new TreeMap<>()));
    }

    /// The configuration that a run was begun with, if its version kept it.
    static Optional<RunConfig> begun(List<Journal.Entry> journal) {
        return journal.stream().filter(entry -> entry.kind() == Journal.Kind.START).map(Origin::config).flatMap(Optional::stream).findFirst();
    }

    /// The configuration that a START or RESUME kept, if it did.
    static Optional<RunConfig> config(Journal.Entry entry) {
        return Optional.ofNullable(entry.details().get(CONFIG)).map(Origin::config);
    }

    private static Optional<JsonNode> latest(List<Journal.Entry> journal, String what) {
        return kept(journal, what).reduce((_, later) -> later).map(entry -> entry.details().get(what));
    }

    private static Stream<Journal.Entry> kept(List<Journal.Entry> journal, String what) {
        return journal.stream().filter(entry -> entry.kind() == Journal.Kind.START || entry.kind() == Journal.Kind.RESUME)
                .filter(entry -> entry.details().has(what));
    }

    /// Settings that came later have their default.
    private static RunConfig config(JsonNode tree) {
        return new ConfigLoader().read(tree.toString(), "journal.jsonl", List.of());
    }

    private static Fingerprint data(JsonNode tree) {
        var facts = new TreeMap<String, String>();
        tree.properties().forEach(fact -> facts.put(fact.getKey(), fact.getValue().asText()));
        return new Fingerprint(facts);
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a configuration that is not JSON", e);
        }
    }
}
