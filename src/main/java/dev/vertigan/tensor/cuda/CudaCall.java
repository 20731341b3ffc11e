package dev.vertigan.tensor.cuda;

import dev.vertigan.cuda.Call;
import dev.vertigan.cuda.CommandQueue;
import dev.vertigan.cuda.Program;
import dev.vertigan.tensor.Access;
import dev.vertigan.tensor.Activation;
import dev.vertigan.tensor.ElementType;
import dev.vertigan.tensor.Shapes;
import dev.vertigan.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// A kernel's call on tensors in the making: arguments in the kernel's order, then [#each] or [#on]. Used again for the next. Not thread-safe.
final class CudaCall {

    private static final int MOST_TENSORS = 24;

    private final CommandQueue queue;
    private final Call call;
    private final @Nullable Tensor[] tensors = new Tensor[MOST_TENSORS]; // their memory must outlive the making of the call
    private int count;

    CudaCall(CommandQueue queue, Program program) {
        this.queue = queue;
        call = queue.calls(program);
    }

    CudaCall to(String kernel) {
        call.to(kernel);
        count = 0;
        return this;
    }

    CudaCall number(int value) {
        call.number(value);
        return this;
    }

    CudaCall number(long value) {
        call.number(value);
        return this;
    }

    CudaCall number(float value) {
        call.number(value);
        return this;
    }

    CudaCall number(double value) {
        call.number(Double.doubleToRawLongBits(value));
        return this;
    }

    CudaCall activation(Activation activation) {
        return number(activation.kind().ordinal()).number(activation.slope());
    }

    CudaCall reads(String name, Tensor tensor) {
        call.reads(at(name, tensor, Access.READ), bytes(tensor));
        return this;
    }

    /// A tensor whose values are changed.
    CudaCall updates(String name, Tensor tensor) {
        call.writes(at(name, tensor, Access.UPDATE), bytes(tensor));
        return this;
    }

    /// A tensor that is written from end to end.
    CudaCall writes(String name, Tensor tensor) {
        call.writes(at(name, tensor, Access.WRITE), bytes(tensor));
        return this;
    }

    /// A tensor that is written, or added to if `accumulate`.
    CudaCall writes(String name, Tensor tensor, boolean accumulate) {
        return accumulate ? updates(name, tensor) : writes(name, tensor);
    }

    /// Sums in float64 that are overwritten.
    CudaCall sums(String name, Tensor sums) {
        call.writes(at(name, sums, ElementType.FLOAT64, Access.WRITE), sums.size() * Double.BYTES);
        return this;
    }

    /// A sum in float64 that is added to.
    CudaCall sum(String name, Tensor sums, int index) {
        call.writes(at(name, sums, ElementType.FLOAT64, Access.UPDATE) + (long) index * Double.BYTES, Double.BYTES);
        return this;
    }

    CudaCall reads(long address, long bytes) {
        call.reads(address, bytes);
        return this;
    }

    CudaCall writes(long address, long bytes) {
        call.writes(address, bytes);
        return this;
    }

    CudaCall nothing() {
        call.nothing();
        return this;
    }

    /// Where a tensor lies on the card; sent there if it is not there yet.
    long at(String name, Tensor tensor, Access access) {
        return at(name, tensor, ElementType.FLOAT32, access);
    }

    private long at(String name, Tensor tensor, ElementType type, Access access) {
        Shapes.type(name, tensor, type);
        tensors[count++] = tensor;
        return CudaMirror.address(tensor, queue, access);
    }

    static long bytes(Tensor tensor) {
        return tensor.size() * Float.BYTES;
    }

    /// A thread for each of `threads`, or for several of them.
    void each(long threads) {
        call.each(threads);
        release();
    }

    /// @return its place, for [#amend]
    long on(int gridX, int gridY, int blockX, int blockY) {
        long place = call.on(gridX, gridY, blockX, blockY);
        release();
        return place;
    }

    /// Begins anew, with arguments for [#amend].
    CudaCall amendment() {
        call.clear();
        release();
        return this;
    }

    /// Has the call that was asked last do this too, if it is the one at `place`: sets its arguments from `argument` on.
    ///
    /// @return whether it is
    boolean amend(long place, int argument) {
        boolean amended = call.amend(place, argument);
        release();
        return amended;
    }

    /// Of [#at] without a call.
    void release() {
        while (count > 0) {
            tensors[--count] = null;
        }
    }
}
