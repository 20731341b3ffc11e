package dev.vertigan.config;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
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
    void everyComponentOfARecordHasItsDeclarationInTheSameOrder() {
        var records = new ArrayList<String>();
        paths(RunConfig.class, "", records);
        assertEquals(records, Setting.all().stream().map(Setting::path).toList());
    }

    @Test
    void defaultsFitTheirRules() {
        Setting.all().forEach(setting -> assertTrue(setting.rule().accepts(setting.initial()), setting.path()));
    }

    /// A new setting of free text fails here until it is declared as a [Rule.Place], or what it may say is known to name none.
    @Test
    void noSettingThatAFileOrAnAddressFitsInIsForThePage() {
        var free = Setting.all().stream().filter(setting -> Stream.of("/etc/passwd", "https://example.org/").map(Json::text)
                .anyMatch(text -> setting.rule().accepts(text) || setting.rule().accepts(Json.value(List.of(text))))).toList();
        assertEquals(List.of("data.columns", "generator.layers", "discriminator.layers"),
                free.stream().filter(setting -> !setting.ofTheMachine()).map(Setting::path).toList());
        assertEquals(List.of(), Setting.all().stream().filter(setting -> setting.ofTheMachine() && setting.live()).map(Setting::path).toList());
    }

    private static void paths(Class<?> type, String prefix, List<String> paths) {
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getType().isRecord() && component.getType() != Schedule.class) {
                paths(component.getType(), prefix + component.getName() + ".", paths);
            } else {
                paths.add(prefix + component.getName());
            }
        }
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
    void aFolderOfANewerVersionIsRefusedWithItsFormat() {
        assertTrue(preset("digits").toJson().startsWith("{\n  \"format\" : 2,"), preset("digits").toJson());
        assertEquals(preset("digits"), RunConfig.fromJson("{\"format\": 1}", "config.json"));
        var error = assertThrows(UserError.class, () -> RunConfig.fromJson("{\"format\": 3, \"shards\": 4}", "runs/x/config.json"));
        assertEquals("runs/x/config.json: expected a run's folder of format 2 or older, found one of format 3, which a newer version of the program "
                + "wrote; go on with that version", error.getMessage());
    }

    @Test
    void aDamagedConfigurationIsToldWithItsName() {
        var error = assertThrows(UserError.class, () -> RunConfig.fromJson("{\"batch\": 3, \"bacth\": 4}", "runs/x/config.json"));
        assertEquals("runs/x/config.json has a problem:\n  bacth: unknown setting; did you mean batch? (runs/x/config.json)", error.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed=2", "batch=65", "data.size=10", "data.scale=symmetric", "data.extent=64", "data.channels=1", "latent.size=3",
        "generator.layers=output",
        "discriminator.optimiser.beta1=0.4", "emaDecay=0", "game.realLabel=0.9", "generator.optimiser.rate=5e-4, linear to 1e-4 at 1M",
        "emaHalfLife=1", "game.schedule=simultaneous"})
    void theHashTellsApartWhatComputesDifferently(String assignment) {
        assertNotEquals(preset("digits").hash(), preset("digits", assignment).hash());
    }

    @ParameterizedTest
    @ValueSource(strings = {"steps=9", "data.dir=/elsewhere", "report.every=3", "samples.every=4", "checkpoint.keep=5", "compute.threads=2",
        "dashboard.port=0"})
    void theHashIgnoresWhatDoesNotChangeTheResult(String assignment) {
        assertEquals(preset("digits").hash(), preset("digits", assignment).hash());
    }

    /// The hash says which runs are the same, so it must not move when settings are declared in another way.
    @Test
    void theHashOfTheDefaultsIsWhatItWas() {
        assertEquals("452d98b445febe645cc34e20b9bdb6c662d7d50aa684a9ec0422313f646895d0", preset("digits").hash());
    }

    @Test
    void liveSettingsChangeByTheirPathsAndOthersAreRefusedWithWhatToDo() {
        var config = preset("digits");
        var changed = config.with(Map.of("generator.optimiser.rate", Json.value(1e-4), "steps", Json.value(7), "report.every", Json.value(2.0)));
        assertEquals(preset("digits", "generator.optimiser.rate=1e-4", "steps=7", "report.every=2"), changed);
        assertEquals(config, config.with(Map.of()));
        var refused = assertThrows(InvalidEdit.class, () -> config.with(new TreeMap<>(Map.of("batch", Json.value(3), "checkpoint.keep", Json.value(3),
                "discriminator.optimiser.rate", Json.value(0), "generatorRate", Json.value(1), "steps", Json.text("7")))));
        assertEquals("""
                batch: expected a setting that may change while the run goes on; this one takes a new run, by `vertigan train`
                checkpoint.keep: expected a setting that may change while the run goes on; this one may differ at the next `vertigan resume --set`
                discriminator.optimiser.rate: expected a number above 0, found 0
                generatorRate: unknown setting; did you mean generator.optimiser.rate?
                steps: expected a whole number, 0 or more, found "7\"""", refused.getMessage());
    }

    @Test
    void whatContradictsAnotherSettingIsRefusedLiveToo() {
        var config = preset("digits", "generator.optimiser.minRate=1e-5");
        var refused = assertThrows(InvalidEdit.class, () -> config.with(Map.of("generator.optimiser.rate", Json.value(1e-6))));
        assertEquals(List.of("generator.optimiser.minRate: expected at most the rate, 1.0E-6, found 1.0E-5"), refused.problems());
    }

    @Test
    void anEditReplacesAScheduleWhoseOriginStaysAtImage0() {
        var config = preset("digits", "generator.optimiser.rate=0.1, linear to 0.2 at 1k");
        var rate = config.with(Map.of("generator.optimiser.rate", Json.text("0.5, linear to 0.1 at 2k"))).generator().optimiser().rate();
        assertEquals(0.3, rate.at(1_000), 1e-12);
        assertEquals(List.of("generator.optimiser.rateDecay: expected 1, as the rate has a schedule, found 1.5"),
                assertThrows(InvalidEdit.class, () -> preset("digits", "generator.optimiser.rateDecay=1.5").with(
                        Map.of("generator.optimiser.rate", Json.text("0.5, linear to 0.1 at 2k")))).problems());
    }

    @Test
    void aConstantScheduleIsTheNumberItIs() {
        assertEquals(preset("digits", "generator.optimiser.rate=0.25").toJson(), preset("digits", "generator.optimiser.rate=\"2.5e-1\"").toJson());
        assertEquals(0.999, preset("digits").averageDecay(9), 0);
        assertEquals(0.5, preset("digits", "batch=100", "emaHalfLife=100").averageDecay(9), 1e-12);
    }

    @Test
    void goodfellowsNetworksAreThePapers() {
        var config = preset("goodfellow-mnist");
        var optimiser = new RunConfig.Optimiser(Choice.Optimiser.SGD, Schedule.constant(0.1), 1.000004, 1e-6, 0.5, 0.7, 250, 0.5,
                Schedule.constant(0.999), 1e-8, 0);
        assertAll(
                () -> assertEquals(100, config.batch()),
                () -> assertEquals(new RunConfig.Latent(100, Choice.Distribution.UNIFORM), config.latent()),
                () -> assertEquals(new RunConfig.Player(List.of("dense 1200 relu", "dense 1200 relu", "output sigmoid"), false,
                        new RunConfig.Init(Choice.Weights.UNIFORM, 0.05, Choice.OutputBias.DATA_MARGINALS), optimiser), config.generator()),
                () -> assertEquals(
                        new RunConfig.Player(List.of("dropout 0.8", "maxout 240x5", "dropout 0.5", "maxout 240x5", "dropout 0.5", "output"), false,
                                new RunConfig.Init(Choice.Weights.UNIFORM, 0.005, Choice.OutputBias.ZERO), optimiser),
                        config.discriminator()),
                () -> assertEquals(
                        new RunConfig.Game(Choice.Objective.NON_SATURATING, Choice.Schedule.SIMULTANEOUS, 1, 1, Schedule.constant(0),
                                RunConfig.Penalty.NONE),
                        config.game()),
                () -> assertEquals(Choice.Scale.UNIT, config.data().scale()),
                () -> assertEquals(0, config.emaDecay(), "the paper shows the weights themselves"));
    }

    @ParameterizedTest
    @FieldSource("PRESETS")
    void theNumbersOfAMixtureAreThePublishedOnes(String name) {
        var data = preset(name).data();
        switch (name) {
            case "ring", "ring-2014" -> assertEquals(List.of(8, 1.0, 0.01), List.of(data.modes(), data.spread(), data.deviation()));
            case "grid", "grid-2014" -> assertEquals(List.of(25, 2.0, 0.05), List.of(data.modes(), data.spread(), data.deviation()));
            default -> assertTrue(data.size() > 0);
        }
    }
}
