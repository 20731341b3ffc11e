package dev.vertigan.tensor;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A few threads that share the parts of one job at a time: fork and join cost a microsecond or two and allocate nothing.
///
/// Idle threads spin for a while, since the next kernel usually follows at once, then sleep. Waking one takes longer than a small kernel, so
/// they outwait most of what one thread computes alone within a turn. Which thread runs which part is not fixed, so parts must not depend on
/// each other; but the caller begins at the first part and the others at the last, so that of two threads each finds in its cache what it made
/// there in the kernel before. Not thread-safe: one caller at a time.
public final class Workers implements AutoCloseable {

    /// One job in numbered parts.
    public interface Job {
        void run(int part);
    }

    /// A job on a range of positions.
    public interface RangeJob {
        void run(long from, long to);
    }

    private static final long SPIN_NANOS = 200_000;
    private static final int MOST_PARTS = 0xFFFF;

    private static final VarHandle TICKET;
    private static final VarHandle UNFINISHED;

    static {
        try {
            TICKET = MethodHandles.lookup().findVarHandle(Workers.class, "ticket", long.class);
            UNFINISHED = MethodHandles.lookup().findVarHandle(Workers.class, "unfinished", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Worker[] workers;

    // Written by the caller before `ticket`, read by workers after it.
    private @Nullable Job job;
    private @Nullable Thread caller;

    private volatile long ticket; // job number << 32 | end of the parts to take << 16 | first of them
    private volatile int unfinished;
    private volatile boolean callerWaits;
    private volatile @Nullable Throwable failure;
    private volatile boolean closed;

    private final Condition finished = () -> unfinished == 0;

    /// @param threads how many compute in all, the caller included
    public Workers(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads: expected a number ≥ 1, found " + threads);
        }
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker("vertigan-compute-" + (i + 1));
        }
        for (Worker worker : workers) {
            worker.thread.start();
        }
    }

    public int threads() {
        return workers.length + 1;
    }

    /// Runs every part once and returns when all are done.
    ///
    /// @throws RuntimeException what a part threw first, once all have ended
    public void run(int parts, Job job) {
        if (workers.length == 0 || parts <= 1) {
            for (int part = 0; part < parts; part++) {
                job.run(part);
            }
            return;
        }
        if (parts > MOST_PARTS) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "parts: expected at most %d, found %d", MOST_PARTS, parts));
        }
        this.job = job;
        caller = Thread.currentThread();
        unfinished = parts;
        ticket = (ticket >>> 32) + 1 << 32 | (long) parts << 16;
        for (Worker worker : workers) {
            if (worker.asleep) {
                LockSupport.unpark(worker.thread);
            }
        }
        takeParts(true);
        join();
        var thrown = failure;
        if (thrown != null) {
            failure = null;
            throw thrown instanceof RuntimeException exception ? exception : new IllegalStateException("compute thread failed: " + thrown, thrown);
        }
    }

    /// Splits [0, size) between the threads, in multiples of 64 positions, if every thread gets about `grain` positions or more.
    public void split(long size, long grain, RangeJob job) {
        int parts = (int) Math.min(threads(), size / grain);
        if (parts <= 1) {
            job.run(0, size);
            return;
        }
        long width = (size / parts + 63) & -64L;
        run(parts, part -> job.run(Math.min(size, part * width), part == parts - 1 ? size : Math.min(size, (part + 1) * width)));
    }

    /// Splits [0, rows) between the threads if every thread gets about `grain` rows or more.
    public void splitRows(long rows, long grain, RangeJob job) {
        int parts = (int) Math.min(threads(), rows / grain);
        if (parts <= 1) {
            job.run(0, rows);
            return;
        }
        run(parts, part -> job.run(rows * part / parts, rows * (part + 1) / parts));
    }

    private void takeParts(boolean fromTheFirst) {
        while (true) {
            long now = ticket;
            var current = job; // none before the first
            int first = (int) (now & 0xFFFF);
            int end = (int) (now >>> 16 & 0xFFFF);
            if (first >= end) {
                return;
            }
            // Success proves that `current` belongs to this ticket: no job is replaced before all its parts are done.
            if (TICKET.compareAndSet(this, now, fromTheFirst ? now + 1 : now - (1 << 16))) {
                try {
                    Objects.requireNonNull(current).run(fromTheFirst ? first : end - 1);
                } catch (Throwable thrown) {
                    failure = thrown;
                } finally {
                    if ((int) UNFINISHED.getAndAdd(this, -1) == 1 && callerWaits) {
                        LockSupport.unpark(caller);
                    }
                }
            }
        }
    }

    private void join() {
        if (spin(finished)) {
            return;
        }
        callerWaits = true;
        while (unfinished != 0) {
            LockSupport.park(this);
        }
        callerWaits = false;
    }

    private interface Condition {
        boolean holds();
    }

    private static boolean spin(Condition condition) {
        if (condition.holds()) {
            return true;
        }
        long start = System.nanoTime();
        do {
            for (int i = 0; i < 16; i++) {
                if (condition.holds()) {
                    return true;
                }
                Thread.onSpinWait();
            }
        } while (System.nanoTime() - start < SPIN_NANOS);
        return false;
    }

    /// Ends the threads; jobs run on the caller alone from then on.
    @Override
    public void close() {
        closed = true;
        for (Worker worker : workers) {
            LockSupport.unpark(worker.thread);
        }
    }

    private final class Worker implements Runnable {

        private final Thread thread;
        private volatile boolean asleep;
        private long seen; // the job number last worked on
        private final Condition called = () -> closed || ticket >>> 32 != seen;

        Worker(String name) {
            thread = Thread.ofPlatform().daemon().name(name).unstarted(this);
        }

        @Override
        public void run() {
            while (!closed) {
                if (!spin(called)) {
                    asleep = true;
                    while (!called.holds()) {
                        LockSupport.park(Workers.this);
                    }
                    asleep = false;
                }
                seen = ticket >>> 32;
                takeParts(false);
            }
        }
    }
}
