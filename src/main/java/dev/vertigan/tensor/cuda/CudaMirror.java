package dev.vertigan.tensor.cuda;

import dev.vertigan.cuda.CommandQueue;
import dev.vertigan.tensor.Access;
import dev.vertigan.tensor.Mirror;
import dev.vertigan.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;

/// A tensor's memory on a card.
public final class CudaMirror implements Mirror {

    private static final Cleaner CLEANER = Cleaner.create();

    private final Room room;

    /// The memory, and the queue whose work it is part of: the last that asked.
    private static final class Room implements Runnable {

        private final long address;
        private volatile CommandQueue queue;

        Room(CommandQueue queue, long bytes) {
            this.queue = queue;
            address = queue.allocate(bytes);
        }

        @Override
        public void run() {
            queue.free(address);
        }
    }

    /// @param bytes its size
    public CudaMirror(CommandQueue queue, long bytes) {
        room = new Room(queue, bytes);
        CLEANER.register(this, room);
    }

    /// Where a tensor's elements lie on the card, for work asked of that queue; good while the tensor is reachable, and until [Tensor#segment],
    /// [Tensor#get] or [Tensor#set] is called again.
    static long address(Tensor tensor, CommandQueue queue, Access access) {
        return tensor.mirror(CudaMirror.class, host -> new CudaMirror(queue, host.byteSize()), access).address(queue)
                + tensor.offset() * tensor.type().width();
    }

    /// On the card, for that queue's work: what other queues were asked to do with it comes before.
    public long address(CommandQueue queue) {
        if (room.queue != queue) {
            room.queue.before(queue);
            room.queue = queue;
        }
        return room.address;
    }

    @Override
    public void send(MemorySegment host) {
        room.queue.send(host, room.address);
    }

    @Override
    public void fetch(MemorySegment host) {
        room.queue.fetch(room.address, host);
    }
}
