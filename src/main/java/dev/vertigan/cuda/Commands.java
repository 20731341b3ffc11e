package dev.vertigan.cuda;

import java.util.Arrays;

/// A sequence of calls, as plain words so that two sequences are compared quickly. A command is its kernel, its grid, its block with the number
/// of its arguments, and for each argument its value and a tag: whether it is a number that may be another next time, or memory, how much, and
/// whether it is written.
final class Commands {

    static final long NUMBER = 0;
    static final long FIXED = 1; // a number that decides what is run
    private static final long READ = 2;
    private static final long WRITE = 3;
    private static final int SIZE_SHIFT = 2;
    private static final long KIND = 3;

    static final int HEAD = 3; // words before the arguments
    private static final int INITIAL_WORDS = 1 << 12;
    private static final long LOW = 0xffff_ffffL;

    private long[] words = new long[INITIAL_WORDS];
    private int end;
    private int[] starts = new int[INITIAL_WORDS / HEAD];
    private int count;

    static long reads(long bytes) {
        return bytes << SIZE_SHIFT | READ;
    }

    static long writes(long bytes) {
        return bytes << SIZE_SHIFT | WRITE;
    }

    void add(long what, int gridX, int gridY, int blockX, int blockY, long[] values, long[] tags, int arguments) {
        int next = end + HEAD + 2 * arguments;
        if (next > words.length) {
            words = Arrays.copyOf(words, 2 * next);
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
        }
        starts[count++] = end;
        words[end] = what;
        words[end + 1] = Integer.toUnsignedLong(gridX) | (long) gridY << 32;
        words[end + 2] = blockX | (long) blockY << 16 | (long) arguments << 32;
        for (int i = 0; i < arguments; i++) {
            words[end + HEAD + 2 * i] = values[i];
            words[end + HEAD + 2 * i + 1] = tags[i];
        }
        end = next;
    }

    /// Sets arguments of the last command, from one on.
    void amend(int argument, long[] values, long[] tags, int number) {
        int at = starts[count - 1] + HEAD + 2 * argument;
        for (int i = 0; i < number; i++) {
            words[at + 2 * i] = values[i];
            words[at + 2 * i + 1] = tags[i];
        }
    }

    void clear() {
        end = 0;
        count = 0;
    }

    int count() {
        return count;
    }

    Commands copy() {
        var copy = new Commands();
        copy.words = Arrays.copyOf(words, end);
        copy.end = end;
        copy.starts = Arrays.copyOf(starts, count);
        copy.count = count;
        return copy;
    }

    long what(int command) {
        return words[starts[command]];
    }

    int gridX(int command) {
        return (int) (words[starts[command] + 1] & LOW);
    }

    int gridY(int command) {
        return (int) (words[starts[command] + 1] >>> 32);
    }

    int blockX(int command) {
        return (int) (words[starts[command] + 2] & 0xffff);
    }

    int blockY(int command) {
        return (int) (words[starts[command] + 2] >>> 16 & 0xffff);
    }

    int arguments(int command) {
        return (int) (words[starts[command] + 2] >>> 32);
    }

    long value(int command, int argument) {
        return words[starts[command] + HEAD + 2 * argument];
    }

    private long tag(int command, int argument) {
        return words[starts[command] + HEAD + 2 * argument + 1];
    }

    /// Whether both do the same to the same memory, whatever numbers they do it with.
    boolean like(Commands other) {
        if (count != other.count || end != other.end) {
            return false;
        }
        long[] others = other.words;
        for (int command = 0; command < count; command++) {
            int at = starts[command];
            if (words[at] != others[at] || words[at + 1] != others[at + 1] || words[at + 2] != others[at + 2]) {
                return false;
            }
            int last = at + HEAD + 2 * arguments(command);
            for (int i = at + HEAD; i < last; i += 2) {
                if (words[i + 1] != others[i + 1] || words[i + 1] != NUMBER && words[i] != others[i]) {
                    return false;
                }
            }
        }
        return true;
    }

    /// The same for sequences that are [#like] each other.
    long likeness() {
        long hash = count;
        for (int command = 0; command < count; command++) {
            int at = starts[command];
            int last = at + HEAD + 2 * arguments(command);
            hash = 31 * (31 * (31 * hash + words[at]) + words[at + 1]) + words[at + 2];
            for (int i = at + HEAD; i < last; i += 2) {
                hash = 31 * hash + words[i + 1];
                hash = words[i + 1] == NUMBER ? hash : 31 * hash + (words[i] ^ words[i] >>> 29);
            }
        }
        return hash;
    }

    /// Takes over the other's numbers for a command of a sequence like it.
    ///
    /// @return whether any is another
    boolean update(int command, Commands other) {
        int at = starts[command];
        int last = at + HEAD + 2 * arguments(command);
        boolean changed = false;
        for (int i = at + HEAD; i < last; i += 2) {
            changed |= words[i] != other.words[i];
            words[i] = other.words[i];
        }
        return changed;
    }

    /// Whether one command must wait for another: either writes what the other reads or writes.
    boolean conflict(int one, int another) {
        for (int i = 0; i < arguments(one); i++) {
            for (int j = 0; j < arguments(another); j++) {
                long a = tag(one, i);
                long b = tag(another, j);
                if ((a & KIND) >= READ && (b & KIND) >= READ && ((a & KIND) == WRITE || (b & KIND) == WRITE)
                        && value(one, i) < value(another, j) + (b >>> SIZE_SHIFT) && value(another, j) < value(one, i) + (a >>> SIZE_SHIFT)) {
                    return true;
                }
            }
        }
        return false;
    }
}
