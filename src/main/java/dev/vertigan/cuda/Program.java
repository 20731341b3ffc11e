package dev.vertigan.cuda;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// A compiled program's kernels.
public final class Program {

    private final Function<String, Kernel> finder;
    private final Map<String, Kernel> kernels = new ConcurrentHashMap<>();

    /// @param finder of a kernel by name
    Program(Function<String, Kernel> finder) {
        this.finder = finder;
    }

    Kernel kernel(String name) {
        var kernel = kernels.get(name); // computeIfAbsent alone would make an object each time
        return kernel == null ? kernels.computeIfAbsent(name, finder) : kernel;
    }
}
