package dev.vertigan.tensor.nd4j;

import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.tensor.NativeFailure;
import dev.vertigan.tensor.simd.SimdKernels;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.nd4j.common.io.Resource;
import org.nd4j.linalg.factory.Environment;
import org.nd4j.linalg.factory.Nd4jBackend;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

class Nd4jCudaTest {

    /// A backend of ND4J that says whether it can run.
    private static Nd4jBackend backend(BooleanSupplier canRun) {
        return new Nd4jBackend() {

            @Override
            public boolean canRun() {
                return canRun.getAsBoolean();
            }

            @Override
            public boolean isAvailable() {
                throw new AssertionError("it prints stack traces");
            }

            @Override
            public boolean allowsOrder() {
                return false;
            }

            @Override
            public int getPriority() {
                return BACKEND_PRIORITY_GPU;
            }

            @Override
            public Resource getConfigurationResource() {
                throw new UnsupportedOperationException();
            }

            @Override
            public Class<?> getNDArrayClass() {
                throw new UnsupportedOperationException();
            }

            @Override
            public Environment getEnvironment() {
                throw new UnsupportedOperationException();
            }

            @Override
            public String buildInfo() {
                return "";
            }

            @Override
            public void logBackendInit() {}
        };
    }

    @Test
    void anObstacleIsToldInOneLine() {
        assertEquals(Optional.empty(), Nd4jCuda.obstacle(backend(() -> true)));
        assertEquals(Optional.of("the backend cannot run"), Nd4jCuda.obstacle(backend(() -> false)));
        assertEquals(Optional.of("No CUDA devices were found in system"), Nd4jCuda.obstacle(backend(() -> {
            throw new IllegalStateException("No CUDA devices were found in system");
        })));
        assertEquals(Optional.of("libcuda.so.1: cannot open shared object file"), Nd4jCuda.obstacle(backend(() -> {
            throw new ExceptionInInitializerError(new UnsatisfiedLinkError("/a/libjnicudart.so: libcuda.so.1: cannot open shared object file"));
        })));
        assertEquals("NullPointerException", NativeFailure.reason(new IllegalStateException("outer", new NullPointerException())));
    }

    static boolean works() {
        return Nd4jCuda.works();
    }

    @Test
    @DisabledIf("works")
    void withoutADeviceTheCpuIsChosen() {
        assertFalse(Nd4jCuda.works());
        try (var kernels = Backend.open(Choice.Kernels.AUTO, 1)) {
            assertInstanceOf(SimdKernels.class, kernels);
        }
    }
}
