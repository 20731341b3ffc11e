package dev.vertigan.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/// What a process has taken of the processors so far, and what of that its dashboard has: Vert.x's own threads, on which nothing else runs.
///
/// @param all clock ticks of all its threads, ended ones too
/// @param server of those whose names begin as Vert.x's do
record ThreadTimes(long all, long server) {

    private static final String SERVER = "vert.x-";
    private static final int USER = 11; // among the fields after the name: proc(5), /proc/pid/stat, of which it is the 14th
    private static final int SYSTEM = 12;

    /// Whether this system tells.
    static boolean areTold() {
        return Files.isReadable(Path.of("/proc/self/stat"));
    }

    static ThreadTimes of(long process) throws IOException {
        var folder = Path.of(String.format(Locale.ROOT, "/proc/%d", process));
        long server = 0;
        try (var threads = Files.newDirectoryStream(folder.resolve("task"))) {
            for (var thread : threads) {
                try {
                    server += Files.readString(thread.resolve("comm")).startsWith(SERVER) ? ticks(thread) : 0;
                } catch (NoSuchFileException gone) {
                    // What it took is in the sum of all.
                }
            }
        }
        return new ThreadTimes(ticks(folder), server);
    }

    private static long ticks(Path folder) throws IOException {
        String stat = Files.readString(folder.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]);
    }

    /// The dashboard's share of what was taken since an earlier look; NaN if nothing was.
    double serverShareSince(ThreadTimes earlier) {
        return all == earlier.all ? Double.NaN : (double) (server - earlier.server) / (all - earlier.all);
    }
}
