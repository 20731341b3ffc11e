package dev.vertigan.game;

import dev.vertigan.tensor.Draw;

/// Every use of randomness in a run has its own stream of numbers: one place that keeps them apart.
///
/// A stream's number is `use · 2¹⁶ + layer · 2⁸ + phase`.
final class Streams {

    static final int GENERATOR_WEIGHTS = 1;
    static final int DISCRIMINATOR_WEIGHTS = 2;
    static final int GENERATOR_DROPOUT = 3;
    static final int DISCRIMINATOR_DROPOUT = 4;
    private static final int LATENTS = 5;
    private static final int INSTANCE_NOISE = 6;
    private static final int FIXED_LATENTS = 7;
    private static final int SHARES = 8;
    private static final int NEARBY = 9;
    private static final int AUGMENTATION = 10;

    private Streams() {}

    /// The minibatch of noise a turn's pass starts from.
    static Draw latents(long seed, Moment moment) {
        return new Draw(seed, LATENTS << 16 | moment.phase(), moment.key());
    }

    /// What blurs the reals and the fakes of a pass.
    static Draw instanceNoise(long seed, Moment moment, boolean real) {
        return new Draw(seed, INSTANCE_NOISE << 16 | (real ? 1 << 8 : 0) | moment.phase(), moment.key());
    }

    /// What is done to the reals and the fakes of a pass.
    static Draw augmentation(long seed, Moment moment, boolean real) {
        return new Draw(seed, AUGMENTATION << 16 | (real ? 1 << 8 : 0) | moment.phase(), moment.key());
    }

    /// From reals and fakes to points nearby.
    static Draw nearby(long seed, Moment moment, boolean real) {
        return new Draw(seed, NEARBY << 16 | (real ? 1 << 8 : 0) | moment.phase(), moment.key());
    }

    /// How much of each real is in what lies between it and its fake.
    static Draw shares(long seed, Moment moment) {
        return new Draw(seed, SHARES << 16 | moment.phase(), moment.key());
    }

    /// The noise that pictures are drawn from, the same all through a run.
    static Draw fixedLatents(long seed) {
        return new Draw(seed, FIXED_LATENTS << 16, 0);
    }

    /// What is drawn instead of latents too far out, all attempts apart.
    static Draw redrawnLatents(long seed, long attempt) {
        return new Draw(seed, FIXED_LATENTS << 16, attempt);
    }
}
