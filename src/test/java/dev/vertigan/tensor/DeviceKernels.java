package dev.vertigan.tensor;

import org.nd4j.linalg.api.buffer.DataType;

/// ND4J's kernels as they are on a device, on the CPU: its memory is apart from the host's, and what one side wrote must be brought to the other.
public final class DeviceKernels {

    private DeviceKernels() {}

    public static Kernels create() {
        return new Nd4jKernels(DataType.FLOAT, 2, true);
    }
}
