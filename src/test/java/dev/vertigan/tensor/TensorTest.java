package dev.vertigan.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TensorTest {

    @Test
    void viewsShareMemoryAndCopiesDoNot() {
        Tensor tensor = Tensor.allocate(ElementType.FLOAT32, 4, 6);
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
        assertThrows(IllegalArgumentException.class, () -> Tensor.allocate(ElementType.FLOAT32, 2, -1));
        assertThrows(IllegalArgumentException.class, () -> Tensor.allocate(ElementType.FLOAT32, 2, 3).reshape(5));
        assertThrows(IndexOutOfBoundsException.class, () -> Tensor.allocate(ElementType.FLOAT32, 2, 3).rows(1, 2));
        assertThrows(ArithmeticException.class, () -> Tensor.allocate(ElementType.FLOAT32, Long.MAX_VALUE, 2));
    }
}
