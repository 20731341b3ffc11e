package dev.vertigan.config;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunConfigTest {

    static final List<String> PRESETS = ConfigLoader.PRESETS;

    private static RunConfig preset(String name, String... assignments) {
        return new ConfigLoader().load(name, Optional.empty(), List.of(assignments).stream().map(Assignment::parse).toList());
    }

    @Test
    void defaultsRulesAndRecordsNameTheSameSettings() {
        var records = new TreeSet<String>();
        paths(RunConfig.class, "", records);
        var defaults = new TreeSet<String>();
        paths(ConfigLoader.defaults(), "", defaults);
        assertAll(
                () -> assertEquals(records, defaults, "defaults.json"),
                () -> assertEquals(records, new TreeSet<>(Rules.ALL.keySet()), "Rules"));
    }

    @Test
    void defaultsFitTheirRules() {
        var defaults = ConfigLoader.defaults();
        Rules.ALL.forEach((path, rule) -> assertTrue(rule.accepts(defaults.at("/" + path.replace('.', '/'))), path));
    }

    private static void paths(Class<?> type, String prefix, Set<String> paths) {
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getType().isRecord()) {
                paths(component.getType(), prefix + component.getName() + ".", paths);
            } else {
                paths.add(prefix + component.getName());
            }
        }
    }

    private static void paths(JsonNode node, String prefix, Set<String> paths) {
        node.properties().forEach(property -> {
            if (property.getValue().isObject()) {
                paths(property.getValue(), prefix + property.getKey() + ".", paths);
            } else {
                paths.add(prefix + property.getKey());
            }
        });
    }

    @ParameterizedTest
    @FieldSource("PRESETS")
    void jsonRoundTrips(String name) {
        var config = preset(name, "seed=-9007199254740993", "generator.optimiser.rate=0.1000000000000000055511151231257827");
        var read = RunConfig.fromJson(config.toJson(), "config.json");
        assertAll(
                () -> assertEquals(config, read),
                () -> assertEquals(config.toJson(), read.toJson()),
                () -> assertEquals(config.hash(), read.hash()));
    }

    @Test
    void anOldRunsConfigurationTakesDefaultsForWhatItDoesNotKnow() {
        assertEquals(preset("digits", "batch=3"), RunConfig.fromJson("{\"batch\": 3}", "config.json"));
    }

    @Test
    void aDamagedConfigurationIsToldWithItsName() {
        var error = assertThrows(UserError.class, () -> RunConfig.fromJson("{\"batch\": 3, \"bacth\": 4}", "runs/x/config.json"));
        assertEquals("runs/x/config.json has a problem:\n  bacth: unknown setting; did you mean batch? (runs/x/config.json)", error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed=2", "batch=65", "data.size=10", "data.scale=symmetric", "data.extent=64", "data.channels=1", "latent.size=3",
        "generator.layers=output",
        "discriminator.optimiser.beta1=0.4", "emaDecay=0", "game.realLabel=0.9", "game.schedule=simultaneous"})
    void theHashTellsApartWhatComputesDifferently(String assignment) {
        assertNotEquals(preset("digits").hash(), preset("digits", assignment).hash());
    }

    @ParameterizedTest
    @ValueSource(strings = {"steps=9", "data.dir=/elsewhere", "report.every=3", "samples.every=4", "checkpoint.keep=5", "compute.threads=2",
        "dashboard.port=0"})
    void theHashIgnoresWhatDoesNotChangeTheResult(String assignment) {
        assertEquals(preset("digits").hash(), preset("digits", assignment).hash());
    }

    @Test
    void goodfellowsNetworksAreThePapers() {
        var config = preset("goodfellow-mnist");
        var optimiser = new RunConfig.Optimiser(Choice.Optimiser.SGD, 0.1, 1.000004, 1e-6, 0.5, 0.7, 250, 0.5, 0.999, 1e-8);
        assertAll(
                () -> assertEquals(100, config.batch()),
                () -> assertEquals(new RunConfig.Latent(100, Choice.Distribution.UNIFORM), config.latent()),
                () -> assertEquals(new RunConfig.Player(List.of("dense 1200 relu", "dense 1200 relu", "output sigmoid"),
                        new RunConfig.Init(Choice.Weights.UNIFORM, 0.05, Choice.OutputBias.DATA_MARGINALS), optimiser), config.generator()),
                () -> assertEquals(
                        new RunConfig.Player(List.of("dropout 0.8", "maxout 240x5", "dropout 0.5", "maxout 240x5", "dropout 0.5", "output"),
                                new RunConfig.Init(Choice.Weights.UNIFORM, 0.005, Choice.OutputBias.ZERO), optimiser),
                        config.discriminator()),
                () -> assertEquals(new RunConfig.Game(Choice.Objective.NON_SATURATING, Choice.Schedule.SIMULTANEOUS, 1, 1, 0), config.game()),
                () -> assertEquals(Choice.Scale.UNIT, config.data().scale()),
                () -> assertEquals(0, config.emaDecay(), "the paper shows the weights themselves"));
    }

    @ParameterizedTest
    @FieldSource("PRESETS")
    void theNumbersOfAMixtureAreThePublishedOnes(String name) {
        var data = preset(name).data();
        switch (name) {
            case "ring" -> assertEquals(List.of(8, 1.0, 0.01), List.of(data.modes(), data.spread(), data.deviation()));
            case "grid" -> assertEquals(List.of(25, 2.0, 0.05), List.of(data.modes(), data.spread(), data.deviation()));
            default -> assertTrue(data.size() > 0);
        }
    }
}
