package dev.vertigan.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.function.IntConsumer;

/// A sequence of commands captured as a CUDA graph, which starts at one call. Each command waits for those alone that touch its memory.
final class Graph implements AutoCloseable {

    private static final int THREAD_LOCAL = 1; // CU_STREAM_CAPTURE_MODE_THREAD_LOCAL
    private static final int SET = 1; // CU_STREAM_SET_CAPTURE_DEPENDENCIES
    private static final int NODE_BYTES = 72; // of CUDA_KERNEL_NODE_PARAMS_v2

    private final Driver driver;
    private final Commands commands; // as they are in the graph
    private final long[] nodes; // of each command, its last
    private final long captured; // its nodes' names are good while it is there
    private final long graph;
    private final MemorySegment node = Arena.ofAuto().allocate(NODE_BYTES, Long.BYTES);

    /// Captures what [CommandQueue] issues.
    ///
    /// @param issue has a command done on the stream
    Graph(Driver driver, Commands commands, long stream, IntConsumer issue) {
        this.driver = driver;
        this.commands = commands;
        nodes = new long[commands.count()];
        driver.call("cuStreamBeginCapture_v2", stream, THREAD_LOCAL);
        try (var arena = Arena.ofConfined()) {
            capture(stream, issue, arena);
        } catch (IllegalStateException | Error e) {
            driver.abandonCapture(stream);
            throw e;
        }
        captured = driver.answerLast("cuStreamEndCapture", stream);
        graph = driver.answer("cuGraphInstantiateWithFlags", captured, 0L);
    }

    private void capture(long stream, IntConsumer issue, Arena arena) {
        var before = arena.allocate(JAVA_LONG, Math.max(1, nodes.length));
        var out = arena.allocate(JAVA_LONG, 5); // status, id, graph, its nodes to come after, their number
        var earlier = new BitSet[nodes.length]; // all that a command comes after
        var leaves = new BitSet();
        for (int i = 0; i < nodes.length; i++) {
            earlier[i] = new BitSet();
            int direct = 0;
            for (int j = i - 1; j >= 0; j--) {
                if (!earlier[i].get(j) && commands.conflict(i, j)) {
                    earlier[i].set(j);
                    earlier[i].or(earlier[j]);
                    leaves.clear(j);
                    before.setAtIndex(JAVA_LONG, direct++, nodes[j]);
                }
            }
            leaves.set(i);
            driver.call("cuStreamUpdateCaptureDependencies", stream, before.address(), (long) direct, SET);
            issue.accept(i);
            driver.call("cuStreamGetCaptureInfo_v2", stream, out.address(), out.address() + 8, out.address() + 16, out.address() + 24,
                    out.address() + 32);
            nodes[i] = MemorySegment.ofAddress(out.getAtIndex(JAVA_LONG, 3)).reinterpret(Long.BYTES).get(JAVA_LONG, 0);
        }
        int last = 0;
        for (int leaf : leaves.stream().toArray()) {
            before.setAtIndex(JAVA_LONG, last++, nodes[leaf]);
        }
        driver.call("cuStreamUpdateCaptureDependencies", stream, before.address(), (long) last, SET);
    }

    boolean like(Commands other) {
        return commands.like(other);
    }

    /// Runs it with another sequence's numbers, which must be like its own.
    void launch(Commands other, CommandQueue queue, long stream) {
        for (int i = 0; i < nodes.length; i++) {
            if (commands.update(i, other)) {
                change(i, queue);
            }
        }
        driver.launch(graph, stream);
    }

    private void change(int command, CommandQueue queue) {
        var kernel = queue.kernel(commands.what(command));
        node.set(JAVA_LONG, 0, kernel.address());
        node.set(JAVA_INT, 8, commands.gridX(command));
        node.set(JAVA_INT, 12, commands.gridY(command));
        node.set(JAVA_INT, 16, 1);
        node.set(JAVA_INT, 20, commands.blockX(command));
        node.set(JAVA_INT, 24, commands.blockY(command));
        node.set(JAVA_INT, 28, 1);
        node.set(JAVA_INT, 32, kernel.sharedBytes());
        node.set(JAVA_LONG, 40, queue.arguments(commands, command));
        driver.change(graph, nodes[command], node.address());
    }

    @Override
    public void close() {
        driver.call("cuGraphExecDestroy", graph);
        driver.call("cuGraphDestroy", captured);
    }
}
