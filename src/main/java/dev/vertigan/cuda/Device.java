package dev.vertigan.cuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The first card NVIDIA's driver offers (`CUDA_VISIBLE_DEVICES` chooses), with all that it takes to compute on it.
///
/// What is asked of it is done in the order of asking, on its default stream, by whichever thread; only [#fetch] waits for it. Memory is
/// named by its address on the card. All of it may be used by any thread.
@SuppressWarnings("restricted") // native access is the point
public final class Device {

    private static final int MAJOR = 75; // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
    private static final int MINOR = 76;
    private static final int OUT_OF_MEMORY = 2; // CUDA_ERROR_OUT_OF_MEMORY
    private static final int NAME_LENGTH = 256;
    private static final List<String> DRIVER = List.of("libcuda.so.1");

    private static Optional<Device> device = Optional.empty();
    private static Optional<NoDevice> missing = Optional.empty();

    private final MethodHandle errorName;
    private final MethodHandle setContext;
    private final MethodHandle allocate;
    private final MethodHandle free;
    private final MethodHandle send;
    private final MethodHandle fetch;
    private final MethodHandle copy;
    private final MethodHandle clear;
    private final MethodHandle loadModule;
    private final MethodHandle function;
    private final MethodHandle launch;
    private final MethodHandle synchronize;
    private final String name;
    private final int capability; // 10 · major + minor
    private final long context;
    private final Compiler compiler;
    private final Map<String, Long> modules = new HashMap<>(); // by source
    private final Library blas;

    /// Found once and for the whole process.
    ///
    /// @throws NoDevice if there is none, or something that it takes is not installed
    public static synchronized Device find() throws NoDevice {
        if (device.isEmpty() && missing.isEmpty()) {
            try {
                device = Optional.of(new Device());
            } catch (NoDevice e) {
                missing = Optional.of(e);
            } catch (UnsatisfiedLinkError e) {
                missing = Optional.of(new NoDevice(e.getMessage(), true));
            }
        }
        if (missing.isPresent()) {
            throw missing.get();
        }
        return device.orElseThrow();
    }

    private Device() throws NoDevice {
        var driver = Library.open(DRIVER).orElseThrow(() -> new NoDevice("expected NVIDIA's driver, " + DRIVER.getFirst() + ", found none", false));
        errorName = driver.function("cuGetErrorName", JAVA_INT, JAVA_LONG);
        int begun = Library.call(driver.function("cuInit", JAVA_INT), 0);
        if (begun != 0) {
            throw new NoDevice("expected a card that NVIDIA's driver can use, found " + error(begun), false);
        }
        int number;
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(NAME_LENGTH);
            if (Library.call(driver.function("cuDeviceGet", JAVA_LONG, JAVA_INT), out.address(), 0) != 0) {
                throw new NoDevice("expected a card of NVIDIA's, found none", false);
            }
            number = out.get(JAVA_INT, 0);
            check("cuDeviceGetName", Library.call(driver.function("cuDeviceGetName", JAVA_LONG, JAVA_INT, JAVA_INT), out.address(), NAME_LENGTH,
                    number));
            name = out.getString(0);
            capability = 10 * attribute(driver, out, MAJOR, number) + attribute(driver, out, MINOR, number);
        }
        compiler = new Compiler(library("NVRTC", "libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so.11.2"));
        blas = library("cuBLAS", "libcublas.so.13", "libcublas.so.12", "libcublas.so.11");
        setContext = driver.function("cuCtxSetCurrent", JAVA_LONG);
        allocate = driver.function("cuMemAlloc_v2", JAVA_LONG, JAVA_LONG);
        free = driver.function("cuMemFree_v2", JAVA_LONG);
        send = driver.function("cuMemcpyHtoD_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG);
        fetch = driver.function("cuMemcpyDtoH_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG);
        copy = driver.function("cuMemcpyDtoDAsync_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
        clear = driver.function("cuMemsetD8Async", JAVA_LONG, JAVA_BYTE, JAVA_LONG, JAVA_LONG);
        loadModule = driver.function("cuModuleLoadData", JAVA_LONG, JAVA_LONG);
        function = driver.function("cuModuleGetFunction", JAVA_LONG, JAVA_LONG, JAVA_LONG);
        launch = driver.function("cuLaunchKernel", JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG,
                JAVA_LONG, JAVA_LONG);
        synchronize = driver.function("cuCtxSynchronize");
        context = answer("cuDevicePrimaryCtxRetain", driver.function("cuDevicePrimaryCtxRetain", JAVA_LONG, JAVA_INT), number);
    }

    private Library library(String what, String... names) throws NoDevice {
        return Library.open(List.of(names))
                .orElseThrow(() -> new NoDevice(String.format(Locale.ROOT, "%s: expected %s of CUDA 11.2 to 13 (%s) where the system's loader "
                        + "looks, in CUDA_HOME/lib64 or in /usr/local/cuda/lib64, found none", name, what, String.join(", ", names)), true));
    }

    private int attribute(Library driver, MemorySegment out, int attribute, int number) {
        check("cuDeviceGetAttribute", Library.call(driver.function("cuDeviceGetAttribute", JAVA_LONG, JAVA_INT, JAVA_INT), out.address(), attribute,
                number));
        return out.get(JAVA_INT, 0);
    }

    /// What a function leaves where its first argument points to.
    private long answer(String what, MethodHandle function, Object... more) {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_LONG);
            var arguments = new Object[more.length + 1];
            arguments[0] = out.address();
            System.arraycopy(more, 0, arguments, 1, more.length);
            check(what, Library.call(function, arguments));
            return out.get(JAVA_LONG, 0);
        }
    }

    /// As in `NVIDIA H100 80GB HBM3`.
    public String name() {
        return name;
    }

    /// Memory of its own, of any content.
    ///
    /// @throws OutOfMemoryError if the card has too little left
    public long allocate(long bytes) {
        enter();
        return answer(String.format(Locale.ROOT, "%d bytes", bytes), allocate, Math.max(1, bytes));
    }

    public void free(long memory) {
        enter();
        check("cuMemFree", Library.call(free, memory));
    }

    /// Copies all of `from` to the card.
    public void send(MemorySegment from, long to) {
        if (from.byteSize() > 0) {
            enter();
            check("copying to the card", Library.call(send, to, from.address(), from.byteSize()));
        }
    }

    /// Fills `to` from the card, when all that was asked before is done.
    public void fetch(long from, MemorySegment to) {
        if (to.byteSize() > 0) {
            enter();
            check("copying from the card", Library.call(fetch, to.address(), from, to.byteSize()));
        }
    }

    /// Copies on the card.
    public void copy(long from, long to, long bytes) {
        if (bytes > 0) {
            enter();
            check("copying on the card", Library.call(copy, to, from, bytes, 0L));
        }
    }

    /// Fills memory with zeros.
    public void clear(long memory, long bytes) {
        if (bytes > 0) {
            enter();
            check("cuMemsetD8", Library.call(clear, memory, (byte) 0, bytes, 0L));
        }
    }

    /// Waits until all that was asked is done.
    ///
    /// @throws IllegalStateException if any of it failed
    public void finish() {
        enter();
        check("a kernel", Library.call(synchronize));
    }

    /// Compiles a program for this card, once for the whole process.
    ///
    /// @param source CUDA C++
    /// @throws IllegalStateException with the compiler's words if it does not compile
    public synchronized Program compile(String source) {
        long module = modules.computeIfAbsent(source, this::load);
        return new Program(this, kernel -> {
            try (var arena = Arena.ofConfined()) {
                enter();
                return answer(kernel, function, module, arena.allocateFrom(kernel).address());
            }
        });
    }

    private long load(String source) {
        var code = compiler.compile(source, capability);
        enter();
        try (var arena = Arena.ofConfined()) {
            var image = arena.allocate(code.length + 1L); // text needs an end
            MemorySegment.copy(code, 0, image, JAVA_BYTE, 0, code.length);
            return answer("cuModuleLoadData", loadModule, image.address());
        }
    }

    /// Matrix products on this card.
    public MatrixProducts products() {
        enter();
        return new MatrixProducts(this, blas);
    }

    /// Has a kernel run.
    ///
    /// @param arguments the address of an array of addresses, one for each
    void launch(String kernel, long address, int gridX, int gridY, int blockX, int blockY, long arguments) {
        enter();
        try {
            check(kernel, (int) launch.invokeExact(address, gridX, gridY, 1, blockX, blockY, 1, 0, 0L, arguments, 0L));
        } catch (IllegalStateException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw Library.failed(e);
        }
    }

    /// What a thread must do before it asks for anything.
    void enter() {
        try {
            check("cuCtxSetCurrent", (int) setContext.invokeExact(context));
        } catch (IllegalStateException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw Library.failed(e);
        }
    }

    private void check(String what, int result) {
        if (result == OUT_OF_MEMORY) {
            throw new OutOfMemoryError("no room on the card for " + what);
        }
        if (result != 0) {
            throw new IllegalStateException(String.format(Locale.ROOT, "CUDA: %s: %s", what, error(result)));
        }
    }

    private String error(int result) {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_LONG);
            return Library.call(errorName, result, out.address()) == 0
                    ? MemorySegment.ofAddress(out.get(JAVA_LONG, 0)).reinterpret(NAME_LENGTH).getString(0) : "error " + result;
        }
    }
}
