package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PixelsTest {

    @Test
    void everyLevelIsItsShareOf255WhateverTheLengthAndPlace() {
        byte[] pixels = new byte[600];
        new Random(1).nextBytes(pixels);
        for (int level = 0; level < 256; level++) {
            pixels[level] = (byte) level;
        }
        for (int count : new int[] {0, 1, 15, 16, 17, 256, 300, 592}) {
            for (int from : new int[] {0, 3, 8}) {
                float[] target = new float[count + 5];
                Pixels.toUnit(pixels, from, target, 2, count);
                for (int i = 0; i < target.length; i++) {
                    boolean within = i >= 2 && i < 2 + count;
                    assertEquals(within ? (pixels[from + i - 2] & 0xFF) / 255f : 0, target[i], "%d of %d from %d".formatted(i, count, from));
                }
            }
        }
    }
}
