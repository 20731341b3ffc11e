package dev.vertigan.cuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The first card NVIDIA's driver offers (`CUDA_VISIBLE_DEVICES` chooses), with all that it takes to compute on it.
///
/// What is asked of it is asked of its queues. Memory is named by its address on the card. All of it may be used by any thread.
public final class Device {

    private static final int MAJOR = 75; // CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR
    private static final int MINOR = 76;
    private static final int NAME_LENGTH = 256;
    private static final List<String> DRIVER = List.of("libcuda.so.1");
    private static final List<String> NVRTC = List.of("libnvrtc.so.13", "libnvrtc.so.12");
    private static final List<String> BLAS = List.of("libcublas.so.13", "libcublas.so.12");

    private static Optional<Device> device = Optional.empty();
    private static Optional<NoDevice> missing = Optional.empty();

    private final Driver driver;
    private final String name;
    private final int capability; // 10 · major + minor
    private final long context;
    private final Compiler compiler;
    private final Library blas;
    private final Map<String, Long> modules = new HashMap<>(); // by source
    private final List<Kernel> kernels = new ArrayList<>(); // by number

    /// Found once and for the whole process.
    ///
    /// @throws NoDevice if there is none, or something that it takes is not installed
    public static synchronized Device find() throws NoDevice {
        if (device.isEmpty() && missing.isEmpty()) {
            try {
                device = Optional.of(of(Library::open));
            } catch (NoDevice e) {
                missing = Optional.of(e);
            }
        }
        if (missing.isPresent()) {
            throw missing.get();
        }
        return device.orElseThrow();
    }

    /// A card whose driver, NVRTC and cuBLAS are all of one library.
    ///
    /// @throws NoDevice as [#find]
    public static Device in(Path library) throws NoDevice {
        return of(_ -> Library.open(library.toString()));
    }

    private static Device of(Function<List<String>, Optional<Library>> libraries) throws NoDevice {
        try {
            return new Device(libraries);
        } catch (UnsatisfiedLinkError e) {
            throw new NoDevice(String.valueOf(e.getMessage()), true);
        }
    }

    private Device(Function<List<String>, Optional<Library>> libraries) throws NoDevice {
        driver = new Driver(libraries.apply(DRIVER)
                .orElseThrow(() -> new NoDevice("expected NVIDIA's driver, " + DRIVER.getFirst() + ", found none", false)));
        int begun = driver.result("cuInit", 0);
        if (begun != 0) {
            throw new NoDevice("expected a card that NVIDIA's driver can use, found " + driver.error(begun), false);
        }
        int number;
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(NAME_LENGTH);
            if (driver.result("cuDeviceGet", out.address(), 0) != 0) {
                throw new NoDevice("expected a card of NVIDIA's, found none", false);
            }
            number = out.get(JAVA_INT, 0);
            driver.call("cuDeviceGetName", out.address(), NAME_LENGTH, number);
            name = out.getString(0);
        }
        capability = 10 * attribute(MAJOR, number) + attribute(MINOR, number);
        compiler = new Compiler(library(libraries, "NVRTC", NVRTC));
        blas = library(libraries, "cuBLAS", BLAS);
        context = driver.answer("cuDevicePrimaryCtxRetain", number);
    }

    private Library library(Function<List<String>, Optional<Library>> libraries, String what, List<String> names) throws NoDevice {
        return libraries.apply(names)
                .orElseThrow(() -> new NoDevice(String.format(Locale.ROOT, "%s: expected %s of CUDA 12 or 13 (%s) where the system's loader "
                        + "looks, in CUDA_HOME/lib64 or in /usr/local/cuda/lib64, found none", name, what, String.join(", ", names)), true));
    }

    private int attribute(int attribute, int number) {
        return (int) driver.answer("cuDeviceGetAttribute", attribute, number);
    }

    /// As in `NVIDIA H100 80GB HBM3`.
    public String name() {
        return name;
    }

    /// A queue of its own.
    ///
    /// @param tf32 whether products may round their factors to TF32
    public CommandQueue queue(boolean tf32) {
        enter();
        return new CommandQueue(this, driver, blas, tf32);
    }

    /// Memory of its own, of any content.
    ///
    /// @throws OutOfMemoryError if the card has too little left
    long allocate(long bytes) {
        enter();
        return driver.answer("cuMemAlloc_v2", Math.max(1, bytes));
    }

    /// Frees memory that nothing uses any more.
    void free(long memory) {
        enter();
        driver.call("cuMemFree_v2", memory);
    }

    /// Compiles a program for this card, once for the whole process.
    ///
    /// @param source CUDA C++
    /// @throws IllegalStateException with the compiler's words if it does not compile
    public synchronized Program compile(String source) {
        long module = modules.computeIfAbsent(source, this::load);
        return new Program(kernel -> find(module, kernel));
    }

    private synchronized Kernel find(long module, String name) {
        enter();
        try (var arena = Arena.ofConfined()) {
            long address = driver.answer("cuModuleGetFunction", module, arena.allocateFrom(name).address());
            for (var kernel : kernels) {
                if (kernel.address() == address) {
                    return kernel;
                }
            }
            var kernel = new Kernel(name, address, kernels.size(), 0);
            kernels.add(kernel);
            return kernel;
        }
    }

    synchronized Kernel kernel(int number) {
        return kernels.get(number);
    }

    private long load(String source) {
        var code = compiler.compile(source, capability);
        enter();
        try (var arena = Arena.ofConfined()) {
            var image = arena.allocate(code.length + 1L); // text needs an end
            MemorySegment.copy(code, 0, image, JAVA_BYTE, 0, code.length);
            return driver.answer("cuModuleLoadData", image.address());
        }
    }

    /// What a thread must do before it asks for anything.
    void enter() {
        driver.enter(context);
    }
}
