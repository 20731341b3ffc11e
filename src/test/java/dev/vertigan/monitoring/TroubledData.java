package dev.vertigan.monitoring;

import dev.vertigan.data.Dataset;
import java.util.concurrent.Semaphore;

/// A data set that can be told to give nothing, or what is no number.
final class TroubledData implements Dataset {

    private final Dataset sound;
    private final Semaphore gate = new Semaphore(1); // who reads passes through it
    private volatile boolean poisoned;

    TroubledData(Dataset sound) {
        this.sound = sound;
    }

    void block() {
        gate.acquireUninterruptibly();
    }

    void unblock() {
        gate.release();
    }

    void poison(boolean whether) {
        poisoned = whether;
    }

    @Override
    public void read(long index, float[] target, int offset) {
        gate.acquireUninterruptibly();
        gate.release();
        sound.read(index, target, offset);
        if (poisoned) {
            target[offset] = Float.NaN;
        }
    }

    @Override
    public String name() {
        return sound.name();
    }

    @Override
    public Kind kind() {
        return sound.kind();
    }

    @Override
    public int[] shape() {
        return sound.shape();
    }

    @Override
    public long size() {
        return sound.size();
    }

    @Override
    public int classes() {
        return sound.classes();
    }

    @Override
    public int label(long index) {
        return sound.label(index);
    }
}
