package dev.vertigan.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;

/// Whatever stands in a configuration is one or refused with words.
@Tag("fuzz")
class ConfigFuzzTest {

    private static final ConfigLoader LOADER = new ConfigLoader();

    @FuzzTest(maxDuration = "5m")
    void configurations(byte[] data) {
        try {
            String json = LOADER.read(new String(data, StandardCharsets.UTF_8), "config.json", List.of()).toJson();
            LOADER.read(json, "what was written", List.of());
        } catch (UserError e) {
            told(e);
        }
    }

    @FuzzTest(maxDuration = "5m")
    void settings(byte[] data) {
        try {
            LOADER.read("{}", "config.json", List.of(Assignment.parse(new String(data, StandardCharsets.UTF_8))));
        } catch (UserError e) {
            told(e);
        }
    }

    private static void told(UserError e) {
        if (e.getMessage().isBlank() || e.getMessage().startsWith("what was written")) {
            throw new AssertionError("refused without a word, or what was written by ourselves", e);
        }
    }
}
