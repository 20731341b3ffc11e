package dev.vertigan.data;

import java.util.Objects;

/// Stacked MNIST (Metz et al. 2017, "Unrolled Generative Adversarial Networks"): three grey images drawn at random as red, green and blue, so that
/// ten classes make a thousand modes.
///
/// @param images grey, of ten classes
/// @param size samples an epoch
/// @param first number of the first sample among all there are
record StackedDigits(Dataset images, long size, long first) implements Dataset {

    static final String NAME = "stacked-mnist";

    private static final long STREAM = 0x737461636B6564L;
    private static final int CHANNELS = 3;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Kind kind() {
        return Kind.IMAGE;
    }

    @Override
    public int[] shape() {
        int[] grey = images.shape();
        return new int[] {grey[0], grey[1], CHANNELS};
    }

    /// A number of three digits, that of red first.
    @Override
    public int classes() {
        return images.classes() * images.classes() * images.classes();
    }

    @Override
    public void read(long index, float[] target, int offset) {
        var random = at(index);
        var grey = new float[images.features()];
        for (int channel = 0; channel < CHANNELS; channel++) {
            images.read(random.below((int) images.size()), grey, 0);
            for (int i = 0; i < grey.length; i++) {
                target[offset + CHANNELS * i + channel] = grey[i];
            }
        }
    }

    @Override
    public int label(long index) {
        var random = at(index);
        int label = 0;
        for (int channel = 0; channel < CHANNELS; channel++) {
            label = label * images.classes() + images.label(random.below((int) images.size()));
        }
        return label;
    }

    private CounterRandom at(long index) {
        return new CounterRandom(STREAM, first + Objects.checkIndex(index, size));
    }

    @Override
    public boolean inMemory() {
        return images.inMemory();
    }

    @Override
    public Fingerprint fingerprint() {
        var own = Fingerprint.of(this);
        var stacked = images.fingerprint().facts();
        return stacked.containsKey("content") ? own.with("content", stacked.get("content")) : own;
    }
}
