package dev.vertigan.cuda;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/// NVRTC, NVIDIA's compiler at run time.
final class Compiler {

    private final Library library;
    private final MethodHandle create;
    private final MethodHandle compile;

    Compiler(Library library) {
        this.library = library;
        create = library.function("nvrtcCreateProgram", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG);
        compile = library.function("nvrtcCompileProgram", JAVA_LONG, JAVA_INT, JAVA_LONG);
    }

    /// @param source CUDA C++
    /// @param capability of the card, as in 90 for 9.0
    /// @return machine code for that card, or assembly for an older one, which the driver translates, if this compiler knows no newer
    /// @throws IllegalStateException with the compiler's words if it does not compile
    byte[] compile(String source, int capability) {
        int newest = newestUpTo(capability);
        boolean exactly = newest == capability;
        var options = new String[] {String.format(Locale.ROOT, "--gpu-architecture=%s_%d", exactly ? "sm" : "compute", newest), "--fmad=false"};
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_LONG);
            check("nvrtcCreateProgram", Library.call(create, out.address(), arena.allocateFrom(source).address(),
                    arena.allocateFrom("kernels.cu").address(), 0, 0L, 0L));
            long program = out.get(JAVA_LONG, 0);
            var pointers = arena.allocate(JAVA_LONG, options.length);
            for (int i = 0; i < options.length; i++) {
                pointers.setAtIndex(JAVA_LONG, i, arena.allocateFrom(options[i]).address());
            }
            int result = Library.call(compile, program, options.length, pointers.address());
            if (result != 0) {
                throw new IllegalStateException(String.format(Locale.ROOT, "CUDA: %s with %s: %s", library.name(), Arrays.toString(options),
                        new String(read(program, "ProgramLog"), StandardCharsets.UTF_8).strip()));
            }
            var code = read(program, exactly ? "CUBIN" : "PTX");
            check("nvrtcDestroyProgram", Library.call(library.function("nvrtcDestroyProgram", JAVA_LONG), out.address()));
            return code;
        }
    }

    private int newestUpTo(int capability) {
        try (var arena = Arena.ofConfined()) {
            var count = arena.allocate(JAVA_INT);
            check("nvrtcGetNumSupportedArchs", Library.call(library.function("nvrtcGetNumSupportedArchs", JAVA_LONG), count.address()));
            var known = arena.allocate(JAVA_INT, count.get(JAVA_INT, 0));
            check("nvrtcGetSupportedArchs", Library.call(library.function("nvrtcGetSupportedArchs", JAVA_LONG), known.address()));
            return Arrays.stream(known.toArray(JAVA_INT)).filter(architecture -> architecture <= capability).max()
                    .orElseThrow(() -> new IllegalStateException(
                            String.format(Locale.ROOT, "CUDA: %s: expected a card that it knows, found one of compute capability %d.%d",
                                    library.name(), capability / 10, capability % 10)));
        }
    }

    /// Calls `nvrtcGet…Size` and `nvrtcGet…`.
    private byte[] read(long program, String what) {
        try (var arena = Arena.ofConfined()) {
            var size = arena.allocate(JAVA_LONG);
            check(what, Library.call(library.function("nvrtcGet" + what + "Size", JAVA_LONG, JAVA_LONG), program, size.address()));
            var bytes = arena.allocate(Math.max(1, size.get(JAVA_LONG, 0)));
            check(what, Library.call(library.function("nvrtcGet" + what, JAVA_LONG, JAVA_LONG), program, bytes.address()));
            return bytes.toArray(JAVA_BYTE);
        }
    }

    private void check(String what, int result) {
        if (result != 0) {
            throw new IllegalStateException(String.format(Locale.ROOT, "CUDA: %s: %s: error %d", library.name(), what, result));
        }
    }
}
