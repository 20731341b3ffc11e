package dev.vertigan.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// A shared library whose functions return 0 if all went well. Pointers are plain addresses.
@SuppressWarnings("restricted") // native access is the point
final class Library {

    private final String name;
    private final SymbolLookup symbols;

    private Library(String name, SymbolLookup symbols) {
        this.name = name;
        this.symbols = symbols;
    }

    /// The first of these that the system's loader finds, or that is in CUDA's folder.
    static Optional<Library> open(List<String> names) {
        var folders = Stream.of(Optional.ofNullable(System.getenv("CUDA_HOME")), Optional.of("/usr/local/cuda")).flatMap(Optional::stream)
                .map(folder -> Path.of(folder, "lib64")).toList();
        return Stream.concat(names.stream(), names.stream().flatMap(name -> folders.stream().map(folder -> folder.resolve(name).toString())))
                .flatMap(name -> open(name).stream()).findFirst();
    }

    static Optional<Library> open(String name) {
        try {
            return Optional.of(new Library(Path.of(name).getFileName().toString(), SymbolLookup.libraryLookup(name, Arena.global())));
        } catch (IllegalArgumentException _) { // not there
            return Optional.empty();
        }
    }

    /// As in `libcublas.so.12`.
    String name() {
        return name;
    }

    /// @throws UnsatisfiedLinkError if it has no such function
    MethodHandle function(String function, MemoryLayout... arguments) {
        var address = symbols.find(function)
                .orElseThrow(() -> new UnsatisfiedLinkError(String.format(Locale.ROOT, "%s: expected a function %s, found none", name,
                        function)));
        return Linker.nativeLinker().downcallHandle(address, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    /// Calls a function that need not be fast.
    ///
    /// @return its result
    static int call(MethodHandle function, Object... arguments) {
        try {
            return (int) function.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /// What to throw if a call itself went wrong, which one to a C function does not.
    static IllegalStateException failed(Throwable e) {
        return new IllegalStateException("CUDA: a call could not be made: " + e, e);
    }

    /// The number that a function leaves where its first argument points to.
    static long answer(Checked function, Object... more) {
        try (var arena = Arena.ofConfined()) {
            var out = arena.allocate(JAVA_LONG);
            var arguments = new Object[more.length + 1];
            arguments[0] = out.address();
            System.arraycopy(more, 0, arguments, 1, more.length);
            function.call(arguments);
            return out.get(JAVA_LONG, 0);
        }
    }

    /// A function that throws if not all went well.
    interface Checked {
        void call(Object... arguments);
    }
}
