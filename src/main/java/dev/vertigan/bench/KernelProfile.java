package dev.vertigan.bench;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Stands between a game and its kernels and adds up, per kernel, calls, time and matrix arithmetic.
final class KernelProfile {

    private final Map<String, Long> nanos = new LinkedHashMap<>();
    private double flops;

    /// The same kernels, watched.
    Kernels watch(Kernels kernels) {
        return (Kernels) Proxy.newProxyInstance(Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class},
                (_, method, arguments) -> invoke(kernels, method, arguments));
    }

    private Object invoke(Kernels kernels, Method method, Object[] arguments) throws Throwable {
        long start = System.nanoTime();
        try {
            return method.invoke(kernels, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            nanos.merge(method.getName(), System.nanoTime() - start, Long::sum);
            if (method.getName().equals("matmul")) {
                count((Tensor) arguments[0], (boolean) arguments[1], (Tensor) arguments[4]);
            }
        }
    }

    private void count(Tensor a, boolean transposed, Tensor out) {
        flops += 2.0 * out.size() * a.extent(transposed ? 0 : 1); // a multiply and an add
    }

    void reset() {
        nanos.clear();
        flops = 0;
    }

    /// Floating-point operations of matrix products since the last reset.
    double flops() {
        return flops;
    }

    /// Seconds by kernel since the last reset.
    Map<String, Double> seconds() {
        var seconds = new LinkedHashMap<String, Double>();
        nanos.forEach((kernel, time) -> seconds.put(kernel, time / (double) TimeUnit.SECONDS.toNanos(1)));
        return seconds;
    }
}
