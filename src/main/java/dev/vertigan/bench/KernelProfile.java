package dev.vertigan.bench;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;

/// Stands between a game and its kernels and adds up, per kernel, time and the arithmetic of products and convolutions.
final class KernelProfile {

    private static final double NANOS_PER_SECOND = 1e9;

    private final Map<String, Long> nanos = new LinkedHashMap<>();
    private double flops;

    /// @param flops floating-point operations of matrix products and convolutions in a turn, as by their definitions
    /// @param shares of a turn's time by kernel; `other` is what no kernel accounts for
    record Turn(double flops, Map<String, Double> shares) {}

    /// The same kernels, watched.
    Kernels watch(Kernels kernels) {
        return (Kernels) Proxy.newProxyInstance(Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class},
                (_, method, arguments) -> invoke(kernels, method, arguments));
    }

    private Object invoke(Kernels kernels, Method method, Object[] arguments) throws Throwable {
        long start = System.nanoTime();
        try {
            var result = method.invoke(kernels, arguments);
            kernels.finish();
            return result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        } finally {
            nanos.merge(method.getName(), System.nanoTime() - start, Long::sum);
            flops += flops(method.getName(), arguments);
        }
    }

    /// A multiply and an add for each term of each sum. See [Kernels] for the order of arguments and their shapes.
    static double flops(String kernel, Object[] arguments) {
        return switch (kernel) {
            case "matmul" -> 2.0 * ((Tensor) arguments[4]).size() * ((Tensor) arguments[0]).extent((boolean) arguments[1] ? 0 : 1);
            case "convolve" -> convolution((Tensor) arguments[3], (Tensor) arguments[1]);
            case "convolveActivate" -> convolution((Tensor) arguments[5], (Tensor) arguments[1]);
            case "convolveTransposed" -> convolution((Tensor) arguments[0], (Tensor) arguments[1]);
            case "convolveWeightGradient" -> convolution((Tensor) arguments[1], (Tensor) arguments[3]);
            default -> 0;
        };
    }

    /// Each place that the window stands at meets each weight once. What the window finds outside the image counts: the definition has zeros there.
    ///
    /// @param small what the convolution gives, `[n, h', w', o]`
    /// @param weight `[kh, kw, c, o]`
    private static double convolution(Tensor small, Tensor weight) {
        return 2.0 * (small.size() / small.extent(3)) * weight.size();
    }

    /// Profiles what the watched kernels do meanwhile.
    ///
    /// @param turns that are played
    Turn of(Runnable play, int turns) {
        nanos.clear();
        flops = 0;
        double seconds = Stopwatch.millis(play) / 1_000;
        var shares = new LinkedHashMap<String, Double>();
        nanos.forEach((kernel, time) -> shares.put(kernel, time / NANOS_PER_SECOND / seconds));
        shares.put("other", 1 - shares.values().stream().mapToDouble(Double::doubleValue).sum());
        return new Turn(flops / turns, shares);
    }
}
