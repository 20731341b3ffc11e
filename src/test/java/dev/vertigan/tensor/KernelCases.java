package dev.vertigan.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// Calls of every kernel over random shapes, odd sizes and tails included.
public final class KernelCases {

    public static final Window DCGAN = Window.centred(4, 4, 2);

    private KernelCases() {}

    public static Stream<KernelCase> all() {
        return Stream.concat(small().stream(), large().stream());
    }

    public static List<KernelCase> small() {
        Random random = new Random(5);
        List<KernelCase> cases = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            boolean accumulate = i % 2 == 1;
            int n = 1 + random.nextInt(70);
            int c = 1 + random.nextInt(70);
            cases.addAll(KernelCase.all(n, c, 0, accumulate));
            cases.addAll(KernelCase.all(1 + random.nextInt(9), 1 + random.nextInt(20), 2 + random.nextInt(68), accumulate));
            cases.add(KernelCase.maxout(n, c, 1 + i));
            cases.add(KernelCase.maxoutTangent(n, c, 1 + i));
            cases.add(KernelCase.maxoutBackward(n, c, 1 + i, accumulate));
        }
        for (int i = 0; i < 40; i++) {
            Window window = new Window(1 + random.nextInt(5), 1 + random.nextInt(5), 1 + random.nextInt(3), random.nextInt(3));
            int h = window.height() + random.nextInt(7);
            int w = window.width() + random.nextInt(7);
            cases.addAll(KernelCase.convolutions(1 + random.nextInt(4), h, w, 1 + random.nextInt(20), 1 + random.nextInt(20), window, i % 2 == 1));
            cases.addAll(KernelCase.resamplings(1 + random.nextInt(3), 1 + random.nextInt(5), 1 + random.nextInt(5), 1 + random.nextInt(20)));
        }
        for (int i = 0; i < 16; i++) { // whole vectors of channels, windows of DCGAN's kind, odd and even extents
            cases.addAll(KernelCase.convolutions(1 + random.nextInt(3), 4 + i, 6 + random.nextInt(13), 16 * (1 + i % 2), 16 * (1 + i / 8),
                    DCGAN, i % 2 == 1));
        }
        for (int i = 0; i < 120; i++) {
            cases.add(KernelCase.matmul(1 + random.nextInt(70), 1 + random.nextInt(70), 1 + random.nextInt(70),
                    random.nextBoolean(), random.nextBoolean(), random.nextBoolean()));
        }
        for (int i = 0; i < 120; i++) { // one extent thin
            int[] extents = {1 + random.nextInt(130), 1 + random.nextInt(130), 1 + random.nextInt(130)};
            extents[i % 3] = 1 + i / 3 % 5;
            cases.add(KernelCase.matmul(extents[0], extents[1], extents[2], random.nextBoolean(), random.nextBoolean(), random.nextBoolean()));
        }
        for (int i = 0; i < 30; i++) { // whole vectors of channels and stride 1; every third to or from an image of few channels
            Window window = new Window(1 + i % 4, 1 + random.nextInt(3), 1, random.nextInt(2));
            int[] channels = {8 * (1 + random.nextInt(6)), i % 3 == 0 ? 1 + random.nextInt(4) : 8 * (1 + random.nextInt(6))};
            cases.addAll(KernelCase.convolutions(1 + random.nextInt(4), 4 + random.nextInt(9), 4 + random.nextInt(9), channels[i % 2],
                    channels[1 - i % 2], window, i % 4 == 1));
        }
        return cases;
    }

    /// Large enough to be split between threads.
    public static List<KernelCase> large() {
        List<KernelCase> cases = new ArrayList<>();
        cases.addAll(KernelCase.all(131, 517, 0, true));
        cases.addAll(KernelCase.all(9, 67, 131, false));
        cases.addAll(KernelCase.all(5, 37, 517, true)); // taller than one chunk
        cases.addAll(KernelCase.convolutions(9, 14, 14, 32, 48, DCGAN, true));
        cases.addAll(KernelCase.convolutions(16, 16, 12, 16, 16, DCGAN, false));
        cases.addAll(KernelCase.convolutions(67, 11, 9, 7, 21, new Window(3, 3, 1, 1), true));
        cases.addAll(KernelCase.convolutions(19, 13, 11, 48, 32, Window.centred(3, 3, 1), true)); // in several parts, and some images at a time
        cases.addAll(KernelCase.convolutions(21, 13, 15, 16, 3, Window.centred(3, 3, 1), false));
        cases.addAll(KernelCase.resamplings(17, 9, 11, 21));
        cases.add(KernelCase.maxout(101, 241, 5));
        cases.add(KernelCase.maxoutTangent(101, 241, 5));
        cases.add(KernelCase.maxoutBackward(101, 241, 5, true));
        for (boolean accumulate : new boolean[] {false, true}) { // many terms, in two and four parts
            cases.add(KernelCase.matmul(67, 101, 205, true, false, accumulate));
            cases.add(KernelCase.matmul(131, 129, 2050, true, false, accumulate));
        }
        for (boolean transposeA : new boolean[] {false, true}) {
            for (boolean transposeB : new boolean[] {false, true}) {
                cases.add(KernelCase.matmul(127, 259, 133, transposeA, transposeB, true));
                cases.add(KernelCase.matmul(301, 131, 67, transposeA, transposeB, false));
                cases.add(KernelCase.matmul(1031, 3, 259, transposeA, transposeB, true));
                cases.add(KernelCase.matmul(2, 1031, 259, transposeA, transposeB, false));
                cases.add(KernelCase.matmul(517, 1031, 2, transposeA, transposeB, true));
            }
            for (boolean accumulate : new boolean[] {false, true}) { // right sides of which a library may want a copy, or rather the product swapped
                cases.add(KernelCase.matmul(37, 701, 409, transposeA, true, accumulate));
                cases.add(KernelCase.matmul(301, 409, 701, transposeA, true, accumulate));
                cases.add(KernelCase.matmul(7, 701, 409, transposeA, true, accumulate));
            }
        }
        return cases;
    }
}
