package dev.vertigan.monitoring;

import dev.vertigan.data.Dataset;
import dev.vertigan.data.DerivedDataset;
import java.util.concurrent.Semaphore;

/// A data set that can be told to give nothing, or what is no number.
final class TroubledData implements DerivedDataset {

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
    public Dataset origin() {
        return sound;
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
}
