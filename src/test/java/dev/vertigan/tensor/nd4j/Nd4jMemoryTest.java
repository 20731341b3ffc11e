package dev.vertigan.tensor.nd4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.KernelCase;
import dev.vertigan.tensor.Tensor;
import org.junit.jupiter.api.Test;

class Nd4jMemoryTest {

    /// Both ways to hold ND4J's memory: the host's own (the CPU), and apart from it (a device).
    @Test
    void hostAndNd4jSeeTheSameElements() {
        for (ElementType type : ElementType.values()) {
            for (boolean apart : new boolean[] {false, true}) {
                Tensor tensor = apart ? Nd4jArrays.allocateApart(type, 4, 3) : Tensor.allocate(type, 4, 3);
                tensor.set(5, 2);
                assertEquals(2, Nd4jArrays.array(tensor).getDouble(1, 2));
                assertEquals(24, Nd4jArrays.array(tensor).muli(3).addi(1.5).sumNumber().doubleValue());
                assertEquals(7.5, tensor.get(5));
                tensor.set(5, 8);
                Tensor rows = tensor.rows(1, 2);
                assertArrayEquals(new long[] {2, 3}, Nd4jArrays.array(rows).shape());
                Nd4jArrays.array(rows).putScalar(0, 0, 9);
                assertEquals(9, tensor.get(3));
                assertEquals(9, Nd4jArrays.array(tensor.reshape(2, 6)).getDouble(0, 3));
                assertEquals(8, Nd4jArrays.array(tensor).getDouble(1, 2));
            }
        }
    }

    /// All kernels of ND4J, with its memory apart from the host's: what a device would do.
    @Test
    void nd4jKernelsWorkOnADevicesMemory() {
        Nd4jKernels kernels = new Nd4jKernels(ElementType.FLOAT64, 2);
        for (KernelCase test : KernelCase.all(3, 5, 4, true)) {
            Tensor[] expected = test.inputs(ElementType.FLOAT64, 1);
            double[] numbers = test.call().on(kernels, expected);
            Tensor[] inputs = test.inputs(ElementType.FLOAT64, 1);
            Tensor[] found = new Tensor[inputs.length];
            for (int t = 0; t < found.length; t++) {
                found[t] = Nd4jArrays.allocateApart(ElementType.FLOAT64, inputs[t].shape());
                found[t].segment().copyFrom(inputs[t].segment());
            }
            KernelCase.assertBits(test.name(), expected, numbers, found, test.call().on(kernels, found));
        }
    }
}
