package dev.vertigan.cuda;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SequencedSet;

/// What is asked of a card, done in the order of asking on a stream of its own.
///
/// Calls are collected until the host sends or fetches something: a sequence that came before is then one launch of a CUDA graph, whatever
/// numbers it comes with this time; any other is launched call by call, and captured when it comes again. So a turn of a game, which
/// asks the same of the same memory each time, costs the host little, and the card goes from one kernel to the next without it.
///
/// The host runs ahead of the card by a few sequences at most.
public final class CommandQueue implements AutoCloseable {

    private static final int IN_FLIGHT = 4; // sequences
    private static final int FEWEST_CAPTURED = 8; // commands that are worth a graph
    private static final int MOST_WAITING = 4096; // commands
    private static final int MOST_GRAPHS = 24;
    private static final int MOST_SEEN = 256;
    private static final int MOST_ARGUMENTS = 24;
    private static final long PRODUCT = -1;
    private static final long MOST_STAGED = 1L << 26; // bytes; more goes straight from where it is
    private static final int WORKSPACES = 4;
    private static final int NON_BLOCKING = 1; // CU_STREAM_NON_BLOCKING

    private final Device device;
    private final Driver driver;
    private final long stream;
    private final MatrixProducts products;
    private final long[] workspaces = new long[WORKSPACES];
    private final Commands commands = new Commands();
    private final List<Graph> graphs = new ArrayList<>(); // the last used first
    private final SequencedSet<Long> seen = new LinkedHashSet<>(); // likenesses of sequences without a graph
    private final Staging[] stagings = new Staging[IN_FLIGHT];
    private final long[] events = new long[IN_FLIGHT]; // when what was asked while that staging was in use is done
    private int current;
    private final List<Arrival> arrivals = new ArrayList<>(); // to be used again
    private final List<Long> garbage = new ArrayList<>(); // memory to free when all that was asked is launched
    private final MemorySegment values = Arena.ofAuto().allocate(JAVA_LONG, MOST_ARGUMENTS);
    private final MemorySegment pointers = Arena.ofAuto().allocate(JAVA_LONG, MOST_ARGUMENTS);
    private final long[] product = new long[8];
    private final long[] productTags = new long[8];
    private int productCount;
    private long places; // commands asked so far
    private boolean closed;

    CommandQueue(Device device, Driver driver, Library blas, boolean tf32) {
        this.device = device;
        this.driver = driver;
        stream = driver.answer("cuStreamCreate", NON_BLOCKING);
        for (int i = 0; i < IN_FLIGHT; i++) {
            stagings[i] = new Staging(driver);
            events[i] = driver.answer("cuEventCreate", 2); // CU_EVENT_DISABLE_TIMING
        }
        for (int i = 0; i < WORKSPACES; i++) {
            workspaces[i] = device.allocate(MatrixProducts.WORKSPACE);
        }
        products = new MatrixProducts(blas, stream, tf32);
        for (int i = 0; i < MOST_ARGUMENTS; i++) {
            pointers.setAtIndex(JAVA_LONG, i, values.address() + (long) i * Long.BYTES);
        }
    }

    /// Memory of its own on the card, of any content.
    ///
    /// @throws OutOfMemoryError if the card has too little left
    public long allocate(long bytes) {
        return device.allocate(bytes);
    }

    /// Calls of a program's kernels, one at a time.
    public Call calls(Program program) {
        return new Call(this, program);
    }

    /// What multiplies matrices, as in `libcublas.so.12`.
    public String products() {
        return products.name();
    }

    synchronized long add(Kernel kernel, int gridX, int gridY, int blockX, int blockY, long[] arguments, long[] tags, int count) {
        commands.add(kernel.number(), gridX, gridY, blockX, blockY, arguments, tags, count);
        limit();
        return ++places;
    }

    synchronized boolean amend(long place, int argument, long[] values, long[] tags, int count) {
        boolean last = place == places && commands.count() > 0;
        if (last) {
            commands.amend(argument, values, tags, count);
        }
        return last;
    }

    /// `c[m, n] = op(a)[m, k] · op(b)[k, n]`, added to it if `accumulate`; row-major float32, m, n and k at least 1. Memory by address.
    public synchronized void multiply(boolean transposeA, boolean transposeB, int m, int n, int k, long a, long b, long c, boolean accumulate) {
        productCount = 0;
        argument((transposeA ? 1 : 0) | (transposeB ? 2 : 0) | (accumulate ? 4 : 0), Commands.FIXED);
        argument(m, Commands.FIXED);
        argument(n, Commands.FIXED);
        argument(k, Commands.FIXED);
        argument(a, Commands.reads(4L * m * k));
        argument(b, Commands.reads(4L * k * n));
        argument(c, Commands.writes(4L * m * n));
        argument(workspaces[commands.count() % WORKSPACES], Commands.writes(MatrixProducts.WORKSPACE));
        commands.add(PRODUCT, 0, 0, 0, 0, product, productTags, productCount);
        places++;
        limit();
    }

    private void argument(long value, long tag) {
        product[productCount] = value;
        productTags[productCount++] = tag;
    }

    private void limit() {
        if (commands.count() >= MOST_WAITING) {
            submit();
        }
    }

    /// Has the card begin with all that was asked so far.
    public synchronized void submit() {
        if (commands.count() == 0) {
            return;
        }
        device.enter();
        try {
            run();
        } finally {
            commands.clear();
        }
        driver.record(events[current], stream);
        current = (current + 1) % IN_FLIGHT;
        driver.await(events[current]);
        stagings[current].reuse();
        collect();
    }

    private void run() {
        for (int i = 0; i < graphs.size(); i++) {
            if (graphs.get(i).like(commands)) {
                if (i > 0) {
                    graphs.addFirst(graphs.remove(i));
                }
                graphs.getFirst().launch(commands, this, stream);
                return;
            }
        }
        if (commands.count() >= FEWEST_CAPTURED) {
            if (seen.remove(commands.likeness())) {
                if (graphs.size() == MOST_GRAPHS) {
                    graphs.removeLast().close();
                }
                var kept = commands.copy();
                graphs.addFirst(new Graph(driver, kept, stream, command -> issue(kept, command)));
                graphs.getFirst().launch(commands, this, stream);
                return;
            }
            seen.add(commands.likeness());
            if (seen.size() > MOST_SEEN) {
                seen.removeFirst();
            }
        }
        for (int i = 0; i < commands.count(); i++) {
            issue(commands, i);
        }
    }

    private void issue(Commands from, int command) {
        if (from.what(command) == PRODUCT) {
            int flags = (int) from.value(command, 0);
            products.multiply((flags & 1) != 0, (flags & 2) != 0, (int) from.value(command, 1), (int) from.value(command, 2),
                    (int) from.value(command, 3), from.value(command, 4), from.value(command, 5), from.value(command, 6), (flags & 4) != 0,
                    from.value(command, 7));
        } else {
            driver.launch(kernel(from.what(command)), from.gridX(command), from.gridY(command), from.blockX(command), from.blockY(command), stream,
                    arguments(from, command));
        }
    }

    Kernel kernel(long number) {
        return device.kernel((int) number);
    }

    /// The address of an array of addresses of a command's arguments; good until the next call.
    long arguments(Commands from, int command) {
        for (int i = 0; i < from.arguments(command); i++) {
            values.setAtIndex(JAVA_LONG, i, from.value(command, i));
        }
        return pointers.address();
    }

    /// Copies all of `from` to the card, after all that was asked before. It may be changed when this returns.
    public synchronized void send(MemorySegment from, long to) {
        if (from.byteSize() == 0) {
            return;
        }
        submit();
        device.enter();
        if (from.byteSize() <= MOST_STAGED && !closed) {
            if (!stagings[current].fits(from.byteSize())) {
                await();
                stagings[current].reuse();
            }
            driver.send(stagings[current].take(from), to, from.byteSize(), stream);
        } else {
            driver.send(from.address(), to, from.byteSize(), stream);
            await();
        }
    }

    /// Fills `to` from the card, when all that was asked before is done.
    public synchronized void fetch(long from, MemorySegment to) {
        if (to.byteSize() > 0) {
            submit();
            device.enter();
            driver.fetch(from, to.address(), to.byteSize(), stream);
            await();
        }
    }

    /// Begins to copy from the card, after all that was asked before.
    public synchronized Arrival fetch(long from, long bytes) {
        submit();
        device.enter();
        if (bytes > Arrival.ROOM) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "expected at most %d bytes to fetch, found %d", Arrival.ROOM, bytes));
        }
        var arrival = (arrivals.isEmpty() ? new Arrival(this, driver) : arrivals.removeLast()).of(bytes);
        driver.fetch(from, arrival.memory.address(), bytes, stream);
        driver.record(arrival.event, stream);
        return arrival;
    }

    synchronized void reuse(Arrival arrival) {
        arrivals.add(arrival);
    }

    void enter() {
        device.enter();
    }

    /// Waits until all that was asked is done.
    ///
    /// @throws IllegalStateException if any of it failed
    public synchronized void finish() {
        submit();
        device.enter();
        await();
    }

    private void await() {
        driver.call("cuStreamSynchronize", stream);
    }

    /// Lets another queue's work from now on come after all that was asked of this one.
    public void before(CommandQueue other) {
        long event;
        synchronized (this) {
            submit();
            device.enter();
            event = driver.answer("cuEventCreate", 2);
            driver.record(event, stream);
        }
        synchronized (other) {
            other.submit();
            driver.call("cuStreamWaitEvent", other.stream, event, 0);
            driver.call("cuEventDestroy_v2", event);
        }
    }

    /// Frees memory when what was asked before is done with it.
    public synchronized void free(long memory) {
        garbage.add(memory);
        if (commands.count() == 0) {
            collect();
        }
    }

    private void collect() {
        if (!garbage.isEmpty()) {
            device.enter();
            garbage.forEach(device::free);
            garbage.clear();
        }
    }

    /// Finishes, and frees what it holds but for the stream: tensors that it computed can still be read.
    @Override
    public synchronized void close() {
        if (!closed) {
            finish();
            closed = true;
            graphs.forEach(Graph::close);
            graphs.clear();
            seen.clear();
            products.close();
            for (int i = 0; i < IN_FLIGHT; i++) {
                stagings[i].close();
            }
            for (long workspace : workspaces) {
                device.free(workspace);
            }
        }
    }
}
