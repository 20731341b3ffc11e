package dev.vertigan.dashboard;

import dev.vertigan.config.Rule;
import dev.vertigan.config.Setting;
import dev.vertigan.values.Metric;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What the page builds itself from, as JSON: the charts with their curves, and the settings that may be changed.
final class Catalogue {

    private static final Map<String, String> NAMED = Map.of("1.386", "2 ln 2", "0.693", "ln 2", "-0.693", "−ln 2", "0.5", "½");

    private Catalogue() {}

    /// @param game which the lines to hold curves against belong to
    static JsonObject all(RunInfo.Game game) {
        return new JsonObject().put("charts", charts(game)).put("settings", settings(Setting.all().stream().filter(Setting::live).toList()));
    }

    private static JsonArray charts(RunInfo.Game game) {
        var charts = new JsonArray();
        for (var chart : Metric.Chart.values()) {
            var series = new JsonArray();
            var references = new JsonArray();
            for (var metric : Metric.values()) {
                metric.curve().filter(curve -> curve.chart() == chart).ifPresent(curve -> {
                    series.add(new JsonObject().put("column", metric.column()).put("label", curve.label()).put("tone", lower(curve.tone()))
                            .put("unit", metric.unit()).put("help", metric.help()));
                    curve.reference().or(() -> equilibrium(metric, game)).ifPresent(line -> references.add(
                            new JsonObject().put("value", line.value()).put("label", line.label()).put("tone", lower(line.tone()))));
                });
            }
            charts.add(new JsonObject().put("name", lower(chart)).put("title", chart.title()).put("unit", chart.unit())
                    .put("axis", lower(chart.axis())).put("note", chart.note()).put("series", series).put("references", references));
        }
        return charts;
    }

    /// What a metric is when the game comes to rest.
    private static Optional<Metric.Reference> equilibrium(Metric metric, RunInfo.Game game) {
        return switch (metric) {
            case LOSS_D -> Optional.of(reference(game.lossD(), Metric.Tone.DISCRIMINATOR));
            case LOSS_G -> Optional.of(reference(game.lossG(), game.lossG() == game.lossD() ? Metric.Tone.MUTED : Metric.Tone.GENERATOR));
            case SCORE_REAL -> game.score().map(score -> reference(score, Metric.Tone.MUTED));
            default -> Optional.empty();
        };
    }

    private static Metric.Reference reference(double value, Metric.Tone tone) {
        return new Metric.Reference(value, NAMED.getOrDefault(rounded(value), rounded(value).replace('-', '−')), tone);
    }

    private static String rounded(double value) {
        return new BigDecimal(value).setScale(3, RoundingMode.HALF_EVEN).stripTrailingZeros().toPlainString();
    }

    static JsonArray settings(List<Setting> settings) {
        var all = new JsonArray();
        for (var setting : settings) {
            var json = new JsonObject().put("path", setting.path()).put("meaning", setting.meaning())
                    .put("expected", setting.rule().expected()).put("default", RunJson.value(setting.initial()))
                    .put("live", setting.live()).put("decidesResult", setting.decidesResult());
            all.add(rule(setting.rule(), json));
        }
        return all;
    }

    private static JsonObject rule(Rule rule, JsonObject json) {
        return switch (rule) {
            case Rule.Whole(long least, long most) -> json.put("kind", "whole").put("least", least).put("most", most);
            case Rule.Real(double least, _, double most, _) -> json.put("kind", "real").put("least", least)
                    .put("most", Double.isFinite(most) ? most : null);
            case Rule.Scheduled(var values) -> rule(values, json).put("kind", "schedule");
            case Rule.Either(int one, int other) -> json.put("kind", "choice").put("choices", new JsonArray(List.of(one, other)));
            case Rule.OneOf(List<String> names) -> json.put("kind", "choice").put("choices", new JsonArray(names));
            case Rule.YesOrNo _ -> json.put("kind", "yes-or-no");
            case Rule.Text _,Rule.Place _ -> json.put("kind", "text");
            case Rule.Lines _,Rule.WebAddresses _ -> json.put("kind", "lines");
        };
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
