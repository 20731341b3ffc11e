package dev.vertigan.cuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// NVIDIA's driver as a C library: its functions by name, their results checked. Each thread must [#enter] its context first.
@SuppressWarnings("restricted") // native access is the point
final class Driver {

    private static final int OUT_OF_MEMORY = 2; // CUDA_ERROR_OUT_OF_MEMORY
    private static final int NAME_LENGTH = 256;

    private final Library library;
    private final MethodHandle errorName;
    private final MethodHandle setContext;
    private final MethodHandle launchKernel;
    private final MethodHandle launchGraph;
    private final MethodHandle send;
    private final MethodHandle fetch;
    private final MethodHandle recordEvent;
    private final MethodHandle awaitEvent;
    private final MethodHandle changeNode;
    private final Map<String, MethodHandle> functions = new HashMap<>(); // those that need not be fast
    private final ThreadLocal<Long> entered = ThreadLocal.withInitial(() -> 0L);

    /// @throws UnsatisfiedLinkError if it is too old
    Driver(Library library) {
        this.library = library;
        errorName = library.function("cuGetErrorName", JAVA_INT, JAVA_LONG);
        setContext = library.function("cuCtxSetCurrent", JAVA_LONG);
        launchKernel = library.function("cuLaunchKernel", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG,
                JAVA_LONG, JAVA_LONG);
        launchGraph = library.function("cuGraphLaunch", JAVA_LONG, JAVA_LONG);
        send = library.function("cuMemcpyHtoDAsync_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
        fetch = library.function("cuMemcpyDtoHAsync_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
        recordEvent = library.function("cuEventRecord", JAVA_LONG, JAVA_LONG);
        awaitEvent = library.function("cuEventSynchronize", JAVA_LONG);
        changeNode = library.function("cuGraphExecKernelNodeSetParams_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    }

    /// Makes a context the thread's own, once.
    void enter(long context) {
        if (entered.get() != context) {
            try {
                check("cuCtxSetCurrent", (int) setContext.invokeExact(context));
            } catch (Throwable e) {
                throw thrown(e);
            }
            entered.set(context);
        }
    }

    /// Launches a kernel.
    ///
    /// @param arguments the address of an array of addresses, one for each
    void launch(Kernel kernel, int gridX, int gridY, int blockX, int blockY, long stream, long arguments) {
        try {
            check(kernel.name(), (int) launchKernel.invokeExact(kernel.address(), gridX, gridY, 1, blockX, blockY, 1, kernel.sharedBytes(), stream,
                    arguments, 0L));
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    void launch(long graph, long stream) {
        try {
            check("cuGraphLaunch", (int) launchGraph.invokeExact(graph, stream));
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    /// Changes a kernel's arguments in a graph, for the launches to come.
    void change(long graph, long node, long parameters) {
        try {
            check("cuGraphExecKernelNodeSetParams", (int) changeNode.invokeExact(graph, node, parameters));
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    void send(long from, long to, long bytes, long stream) {
        try {
            check("copying to the card", (int) send.invokeExact(to, from, bytes, stream));
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    void fetch(long from, long to, long bytes, long stream) {
        try {
            check("copying from the card", (int) fetch.invokeExact(to, from, bytes, stream));
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    void record(long event, long stream) {
        try {
            check("cuEventRecord", (int) recordEvent.invokeExact(event, stream));
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    /// Waits until what came before the event is done.
    void await(long event) {
        try {
            check("a kernel", (int) awaitEvent.invokeExact(event));
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    /// Calls a function that need not be fast, with Integer, Long or Byte arguments.
    void call(String function, Object... arguments) {
        check(function, result(function, arguments));
    }

    /// As [#call], its result unchecked.
    int result(String function, Object... arguments) {
        MethodHandle handle;
        synchronized (functions) {
            handle = functions.computeIfAbsent(function, _ -> library.function(function, layouts(arguments)));
        }
        return Library.call(handle, arguments);
    }

    /// The number that a function leaves where its first argument points to.
    long answer(String function, Object... more) {
        return Library.answer(arguments -> call(function, arguments), more);
    }

    /// Ends a capture that failed.
    void abandonCapture(long stream) {
        try (var arena = Arena.ofConfined()) {
            result("cuStreamEndCapture", stream, arena.allocate(JAVA_LONG).address());
        }
    }

    /// The number that a function leaves where its second argument points to.
    long answerLast(String function, long first) {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_LONG);
            call(function, first, out.address());
            return out.get(JAVA_LONG, 0);
        }
    }

    private static MemoryLayout[] layouts(Object[] arguments) {
        var layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < layouts.length; i++) {
            layouts[i] = switch (arguments[i]) {
                case Integer _ -> JAVA_INT;
                case Long _ -> JAVA_LONG;
                case Byte _ -> JAVA_BYTE;
                default -> throw new IllegalArgumentException("expected an Integer, Long or Byte, found " + arguments[i]);
            };
        }
        return layouts;
    }

    /// @throws OutOfMemoryError if the card has too little left
    void check(String what, int result) {
        if (result == OUT_OF_MEMORY) {
            throw new OutOfMemoryError("no room on the card for " + what);
        }
        if (result != 0) {
            throw new IllegalStateException(String.format(Locale.ROOT, "CUDA: %s: %s", what, error(result)));
        }
    }

    String error(int result) {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_LONG);
            return Library.call(errorName, result, out.address()) == 0
                    ? MemorySegment.ofAddress(out.get(JAVA_LONG, 0)).reinterpret(NAME_LENGTH).getString(0) : "error " + result;
        }
    }

    private static RuntimeException thrown(Throwable e) {
        return switch (e) {
            case IllegalStateException failure -> failure;
            case Error error -> throw error;
            default -> Library.failed(e);
        };
    }
}
