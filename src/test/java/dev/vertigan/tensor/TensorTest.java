package dev.vertigan.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

class TensorTest {

    @Test
    void viewsShareMemoryAndCopiesDoNot() {
        Tensor tensor = Tensor.allocate(DataType.FLOAT, 4, 6);
        Tensor copy = tensor.copy();
        tensor.rows(1, 2).reshape(3, 4).set(5, 7);
        assertEquals(7, tensor.get(11));
        assertEquals(0, copy.get(11));
        assertEquals(0, tensor.segment().address() % 64);
        assertEquals(48, tensor.rows(1, 2).segment().byteSize());
        assertEquals("float32[2, 6]", tensor.rows(1, 2).toString());
    }

    @Test
    void impossibleShapesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Tensor.allocate(DataType.INT32, 2));
        assertThrows(IllegalArgumentException.class, () -> Tensor.allocate(DataType.FLOAT, 2, -1));
        assertThrows(IllegalArgumentException.class, () -> Tensor.allocate(DataType.FLOAT, 2, 3).reshape(5));
        assertThrows(IndexOutOfBoundsException.class, () -> Tensor.allocate(DataType.FLOAT, 2, 3).rows(1, 2));
        assertThrows(ArithmeticException.class, () -> Tensor.allocate(DataType.FLOAT, Long.MAX_VALUE, 2));
    }

    /// Both ways to hold ND4J's memory: the host's own (the CPU), and apart from it (a device).
    @Test
    void hostAndNd4jSeeTheSameElements() {
        for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
            for (boolean apart : new boolean[] {false, true}) {
                Tensor tensor = Tensor.allocate(type, apart, 4, 3);
                tensor.set(5, 2);
                assertEquals(2, tensor.array().getDouble(1, 2));
                assertEquals(24, tensor.array().muli(3).addi(1.5).sumNumber().doubleValue());
                assertEquals(7.5, tensor.get(5));
                tensor.set(5, 8);
                Tensor rows = tensor.rows(1, 2);
                assertArrayEquals(new long[] {2, 3}, rows.array().shape());
                rows.array().putScalar(0, 0, 9);
                assertEquals(9, tensor.get(3));
                assertEquals(9, tensor.reshape(2, 6).array().getDouble(0, 3));
                assertEquals(8, tensor.array().getDouble(1, 2));
            }
        }
    }

    /// All kernels of ND4J, with its memory apart from the host's: what a device would do.
    @Test
    void nd4jKernelsWorkOnADevicesMemory() {
        Nd4jKernels kernels = new Nd4jKernels(DataType.DOUBLE, 2);
        for (KernelCase test : KernelCase.all(3, 5, 4, true)) {
            Tensor[] expected = test.inputs(DataType.DOUBLE, 1);
            double[] numbers = test.call().on(kernels, expected);
            Tensor[] inputs = test.inputs(DataType.DOUBLE, 1);
            Tensor[] found = new Tensor[inputs.length];
            for (int t = 0; t < found.length; t++) {
                found[t] = Tensor.allocate(DataType.DOUBLE, true, inputs[t].shape());
                found[t].segment().copyFrom(inputs[t].segment());
            }
            KernelCase.assertBits(test.name(), expected, numbers, found, test.call().on(kernels, found));
        }
    }
}
