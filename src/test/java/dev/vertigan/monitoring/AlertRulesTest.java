package dev.vertigan.monitoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The alert rules and Prometheus's configuration, as promtool sees them.
class AlertRulesTest {

    @ParameterizedTest
    @ValueSource(strings = {"check config prometheus.yml", "check rules alerts.yml", "test rules alerts.test.yml"})
    void promtoolIsContent(String command) throws IOException, InterruptedException {
        var result = Tool.named("promtool").run(Grafana.FOLDER, command.split(" "));
        assertEquals(0, result.code(), result.output());
        assertTrue(result.output().contains("SUCCESS"), result.output());
    }

    @Test
    void everyRuleIsTestedToFireAndExplained() throws IOException {
        var rules = Grafana.text("alerts.yml");
        var tests = Grafana.text("alerts.test.yml");
        var runbook = Files.readString(Tool.TOP.resolve("docs/runbook.md"));
        var names = Pattern.compile("- alert: (\\w+)\n").matcher(rules).results().map(match -> match.group(1)).toList();
        assertFalse(names.isEmpty());
        for (var name : names) {
            assertTrue(Pattern.compile("alertname: " + name + "\n\\s+exp_alerts:\n\\s+- exp_labels").matcher(tests).find(), name + ": shown to fire");
            assertTrue(rules.contains("runbook_url: docs/runbook.md#" + name.toLowerCase(Locale.ROOT) + "\n"),
                    name + ": names its place in the runbook");
            assertTrue(runbook.contains("\n## " + name + "\n"), name + ": a place in the runbook");
        }
        for (var field : List.of("severity: ", "summary: ", "description: ")) {
            assertEquals(names.size(), rules.split(field, -1).length - 1, field);
        }
        assertEquals(names.size(), runbook.split("\n## ").length - 1, "the runbook explains no rule that is gone");
    }
}
