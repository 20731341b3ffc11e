package dev.vertigan.cli;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;

/// Does something before the process ends because it was told to: Ctrl-C, `kill`, a closed terminal. The exit code is the signal's,
/// as in 130 for Ctrl-C.
final class Interrupts implements AutoCloseable {

    private static final int SIGINT = 2;

    private final Thread hook;

    /// @param ending runs once, when the process is told to end; the process waits for it, unless Ctrl-C is pressed again
    Interrupts(Runnable ending) {
        hook = new Thread(() -> {
            nextOneKills();
            ending.run();
        }, "vertigan-interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Gives SIGINT its default effect back. The JVM ignores further signals once it is ending, so without this a person could
    /// not get out of a turn that hangs.
    private static void nextOneKills() {
        var linker = Linker.nativeLinker();
        linker.defaultLookup().find("signal").ifPresent(address -> {
            var signal = linker.downcallHandle(address, FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS));
            try {
                var _ = (MemorySegment) signal.invokeExact(SIGINT, MemorySegment.NULL);
            } catch (Throwable e) {
                throw new IllegalStateException("signal(SIGINT, SIG_DFL)", e);
            }
        });
    }

    /// From here on the process may end without more ado.
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending already, and the hook is at work.
        }
    }
}
