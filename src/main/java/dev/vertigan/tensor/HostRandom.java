package dev.vertigan.tensor;

/// Fills tensors with the numbers [Philox] defines, in plain Java. Vector loops give the same bits some five times faster once they are
/// compiled, but crawl before: what is drawn once, while a process starts, is drawn here, and what [SimdRandom] is not yet fit for.
public final class HostRandom {

    private HostRandom() {}

    /// What becomes of a group's 64 words.
    private interface Use {
        void of(int[] words, float[] values);
    }

    /// `out = N(0, 1)`.
    public static void normal(Tensor out, Draw draw) {
        normal(out, 1, draw);
    }

    /// `out = N(0, deviation²)`.
    public static void normal(Tensor out, double deviation, Draw draw) {
        fill(out, draw, deviation, HostRandom::normals);
    }

    /// `out = U(low, high)`.
    public static void uniform(Tensor out, float low, float high, Draw draw) {
        fill(out, draw, 1, (words, values) -> uniforms(words, values, high - low, low));
    }

    /// `mask = 1/keep` with probability keep, else 0.
    public static void dropoutMask(Tensor mask, float keep, Draw draw) {
        Shapes.keep(keep);
        fill(mask, draw, 1, (words, values) -> mask(words, values, 1 / keep, keep));
    }

    private static void fill(Tensor out, Draw draw, double scale, Use use) {
        long first = draw.first(out);
        Philox.check(draw.step(), (first + out.size()) / 4);
        int[] words = new int[Philox.GROUP];
        float[] values = new float[Philox.GROUP];
        for (long at = 0; at < out.size();) {
            int begin = (int) ((first + at) % Philox.GROUP); // a part may begin within a group
            int count = (int) Math.min(Philox.GROUP - begin, out.size() - at);
            words(draw, (first + at) / Philox.GROUP, words);
            use.of(words, values);
            System.arraycopy(values, begin, values, 0, count);
            out.set(at, values, count, scale);
            at += count;
        }
    }

    /// Words 0 and 1 give a pair of numbers, 2 and 3 another.
    public static void normals(int[] words, float[] values) {
        for (int pair = 0; pair < Philox.GROUP; pair += 2 * Philox.COUNTERS) {
            for (int i = pair; i < pair + Philox.COUNTERS; i++) {
                float radius = FloatMath.radius(words[i]);
                int angle = words[i + Philox.COUNTERS];
                values[i] = radius * FloatMath.circle(angle, false);
                values[i + Philox.COUNTERS] = radius * FloatMath.circle(angle, true);
            }
        }
    }

    public static void uniforms(int[] words, float[] values, float scale, float offset) {
        for (int i = 0; i < Philox.GROUP; i++) {
            values[i] = Math.fma(Philox.unit(words[i]), scale, offset);
        }
    }

    public static void mask(int[] words, float[] values, float scale, float keep) {
        for (int i = 0; i < Philox.GROUP; i++) {
            values[i] = Philox.unit(words[i]) < keep ? scale : 0;
        }
    }

    /// Word w of the group's i-th counter goes to `i + 16 · w`.
    public static void words(Draw draw, long group, int[] words) {
        for (int i = 0; i < Philox.COUNTERS; i++) {
            Philox.block(draw.seed(), draw.stream(), draw.step(), group * Philox.COUNTERS + i, words, i, Philox.COUNTERS);
        }
    }
}
