package dev.vertigan.cuda;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/// A compiled program's kernels. Not thread-safe.
public final class Program {

    private static final int BLOCK = 256;
    private static final long MOST_BLOCKS = 4096; // its threads take several elements each beyond
    private static final int MOST_ARGUMENTS = 16;

    private final Device device;
    private final ToLongFunction<String> finder;
    private final Map<String, Long> kernels = new HashMap<>();
    private final MemorySegment values = Arena.ofAuto().allocate(JAVA_LONG, MOST_ARGUMENTS);
    private final MemorySegment pointers = Arena.ofAuto().allocate(JAVA_LONG, MOST_ARGUMENTS);

    /// @param finder of a kernel's address
    Program(Device device, ToLongFunction<String> finder) {
        this.device = device;
        this.finder = finder;
        for (int i = 0; i < MOST_ARGUMENTS; i++) {
            pointers.setAtIndex(JAVA_LONG, i, values.address() + (long) i * Long.BYTES);
        }
    }

    /// Runs an elementwise kernel, if there are elements; their number is its first argument.
    ///
    /// @param arguments the others, see the other
    public void each(String kernel, long count, Object... arguments) {
        if (count > 0) {
            var all = new Object[arguments.length + 1];
            all[0] = count;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            run(kernel, (int) Math.min((count + BLOCK - 1) / BLOCK, MOST_BLOCKS), 1, BLOCK, 1, all);
        }
    }

    /// Runs a kernel on a grid of blocks.
    ///
    /// @param arguments Long (addresses too), Integer or Float, as the kernel has them
    public void run(String kernel, int gridX, int gridY, int blockX, int blockY, Object... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            long at = (long) i * Long.BYTES;
            switch (arguments[i]) {
                case Long value -> values.set(JAVA_LONG, at, value);
                case Integer value -> values.set(JAVA_INT, at, value);
                case Float value -> values.set(JAVA_FLOAT, at, value);
                default -> throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "%s: expected a Long, Integer or Float, found %s", kernel, arguments[i]));
            }
        }
        device.launch(kernel, kernels.computeIfAbsent(kernel, finder::applyAsLong), gridX, gridY, blockX, blockY, pointers.address());
    }
}
