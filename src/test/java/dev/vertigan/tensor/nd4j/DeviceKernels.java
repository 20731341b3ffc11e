package dev.vertigan.tensor.nd4j;

import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Kernels;

/// ND4J's kernels as they are on a device, on the CPU: its memory is apart from the host's, and what one side wrote must be brought to the other.
public final class DeviceKernels {

    private DeviceKernels() {}

    public static Kernels create() {
        return new Nd4jKernels(ElementType.FLOAT32, 2, true);
    }
}
