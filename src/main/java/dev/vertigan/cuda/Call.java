package dev.vertigan.cuda;

/// A kernel's call in the making: arguments in the kernel's order, then [#each] or [#on]. Used again for the next. Not thread-safe.
public final class Call {

    private static final int MOST_ARGUMENTS = 24;
    private static final int BLOCK = 256;
    private static final int MOST_BLOCKS = 4096; // its threads take several elements each beyond

    private final CommandQueue queue;
    private final Program program;
    private final long[] values = new long[MOST_ARGUMENTS];
    private final long[] tags = new long[MOST_ARGUMENTS];
    private Kernel kernel;
    private int count;

    Call(CommandQueue queue, Program program) {
        this.queue = queue;
        this.program = program;
        kernel = new Kernel("", 0, 0, 0);
    }

    /// Begins a call.
    public Call to(String name) {
        kernel = program.kernel(name);
        count = 0;
        return this;
    }

    /// Begins with arguments for [#amend].
    public void clear() {
        count = 0;
    }

    public Call number(int value) {
        return add(Integer.toUnsignedLong(value), Commands.NUMBER);
    }

    public Call number(long value) {
        return add(value, Commands.NUMBER);
    }

    public Call number(float value) {
        return add(Integer.toUnsignedLong(Float.floatToRawIntBits(value)), Commands.NUMBER);
    }

    /// Memory that is read.
    public Call reads(long address, long bytes) {
        return add(address, Commands.reads(bytes));
    }

    /// Memory that is changed, or written.
    public Call writes(long address, long bytes) {
        return add(address, Commands.writes(bytes));
    }

    /// No memory where there could be some.
    public Call nothing() {
        return add(0, Commands.reads(0));
    }

    /// Sets the first arguments of what was asked last, from `argument` on, to those put here since [#to], if `place` was the last.
    ///
    /// @return whether it was
    public boolean amend(long place, int argument) {
        return queue.amend(place, argument, values, tags, count);
    }

    private Call add(long value, long tag) {
        values[count] = value;
        tags[count++] = tag;
        return this;
    }

    /// Runs it, one thread for each of `threads` or one for several, if there are any.
    public void each(long threads) {
        if (threads > 0) {
            on((int) Math.min((threads + BLOCK - 1) / BLOCK, MOST_BLOCKS), 1, BLOCK, 1);
        }
    }

    /// Runs it on a grid of blocks.
    ///
    /// @return its place, for [CommandQueue#amend]
    public long on(int gridX, int gridY, int blockX, int blockY) {
        return queue.add(kernel, gridX, gridY, blockX, blockY, values, tags, count);
    }
}
