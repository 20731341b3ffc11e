package dev.vertigan.data;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongFunction;

/// Samples as bytes, kept once they were made: the first of the data set, as many as fit; the others are made again each time.
///
/// An epoch visits every sample once in an order of its own, so no other choice of which to keep would serve more often. Thread-safe.
final class SampleCache {

    private final AtomicReferenceArray<byte[]> samples;
    private final LongFunction<byte[]> maker;

    /// @param size samples in the data set
    /// @param most samples kept
    /// @param maker of sample `index`, a pure function
    SampleCache(long size, long most, LongFunction<byte[]> maker) {
        samples = new AtomicReferenceArray<>((int) Math.min(Integer.MAX_VALUE - 8, Math.min(size, most)));
        this.maker = maker;
    }

    /// Sample `index`; not to be written to.
    byte[] get(long index) {
        if (index >= samples.length()) {
            return maker.apply(index);
        }
        byte[] sample = samples.getAcquire((int) index);
        if (sample == null) {
            sample = maker.apply(index); // two threads may both make it: the same bytes
            samples.setRelease((int) index, sample);
        }
        return sample;
    }
}
