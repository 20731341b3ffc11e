package dev.vertigan.tensor;

import dev.vertigan.tensor.simd.SimdKernels;
import java.util.ArrayList;
import java.util.List;

/// Checks the kernels in a process of its own, which its flags make another machine, or given `products` only those that a library may compute:
/// prints what they are, and is silent of what is right.
final class OtherMachine {

    private OtherMachine() {}

    public static void main(String[] arguments) {
        var cases = new ArrayList<KernelCase>();
        if (!List.of(arguments).contains("products")) {
            cases.addAll(KernelCase.all(5, 37, 0, true));
            cases.addAll(KernelCase.all(3, 17, 5, false));
            cases.addAll(KernelCase.resamplings(2, 3, 4, 19));
            cases.add(KernelCase.maxout(5, 19, 5));
            cases.add(KernelCase.maxoutBackward(5, 19, 5, true));
        }
        cases.addAll(KernelCase.convolutions(2, 7, 8, 16, 16, Window.centred(4, 4, 2), true));
        cases.addAll(KernelCase.convolutions(2, 5, 4, 3, 5, new Window(3, 2, 1, 1), false));
        for (boolean transpose : new boolean[] {false, true}) {
            cases.add(KernelCase.matmul(37, 133, 131, false, transpose, false));
            cases.add(KernelCase.matmul(131, 67, 70, transpose, true, true));
            cases.add(KernelCase.matmul(70, 3, 67, transpose, false, true));
            cases.add(KernelCase.matmul(2, 70, 67, false, transpose, false));
        }
        try (var kernels = new SimdKernels(2)) {
            cases.forEach(test -> test.assertEqualsReference(List.of(kernels)));
            System.out.println(kernels.describe());
        }
    }
}
