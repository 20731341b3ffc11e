package dev.vertigan.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.tensor.Activation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitectureTest {

    @Test
    void linesBecomeLayersAndShapes() {
        var architecture = Architecture.parse(List.of("dropout 0.8", "maxout 240x5", "dense  10 leaky-relu", "batch-norm tanh", "output sigmoid"),
                784, 3);
        assertEquals(List.of(new LayerSpec.Dropout(0.8f), new LayerSpec.Maxout(240, 5), new LayerSpec.Dense(10, Activation.leakyRelu(0.2f)),
                new LayerSpec.BatchNorm(Activation.TANH), new LayerSpec.Output(Activation.SIGMOID)), architecture.layers());
        assertEquals(List.of(List.of(784), List.of(784), List.of(240), List.of(10), List.of(10), List.of(3)), architecture.shapes());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "dense|a number of units|the end",
        "dense 0|1..65536|0",
        "dense ten|1..65536|ten",
        "dense 10 rellu|relu|rellu",
        "dense 10 relu 3|nothing after|3",
        "dense 10 leaky-relu 1.5|slope|1.5",
        "maxout 240|240x5|240",
        "maxout 240x0|pieces|0",
        "dropout 0|(0, 1]|0",
        "dropout 1.1|(0, 1]|1.1",
        "dropout nan|(0, 1]|nan",
        "konv 3|dense, maxout|konv"})
    void wrongLinesSayWhatWasExpectedAndFound(String line, String expected, String found) {
        var message = assertThrows(IllegalArgumentException.class, () -> Architecture.parse(List.of(line, "output"), 2, 1)).getMessage();
        assertTrue(message.contains(expected) && message.contains("\"" + found + "\"") && message.contains(line), message);
    }

    @Test
    void theOutputIsLastAndOnlyThere() {
        assertThrows(IllegalArgumentException.class, () -> Architecture.parse(List.of(), 2, 1));
        assertThrows(IllegalArgumentException.class, () -> Architecture.parse(List.of("dense 3"), 2, 1));
        assertThrows(IllegalArgumentException.class, () -> Architecture.parse(List.of("output", "output"), 2, 1));
        assertThrows(IllegalArgumentException.class, () -> Architecture.parse(List.of("dense 65536", "dense 65536", "output"), 2, 1));
    }
}
