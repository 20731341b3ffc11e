package dev.vertigan.nn;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;

/// Whatever is written as layers is a network or refused with words.
@Tag("fuzz")
class LayerFuzzTest {

    @FuzzTest(maxDuration = "5m")
    void layers(byte[] data) {
        var lines = Arrays.asList(new String(data, StandardCharsets.UTF_8).split("\n", -1));
        try {
            Architecture.parse(lines, Shape.of(8), Shape.of(28, 28, 1));
        } catch (Architecture.Unfit e) {
            if (e.problems().stream().anyMatch(String::isBlank)) {
                throw new AssertionError("refused without a word", e);
            }
        }
    }
}
