package dev.vertigan.tensor;

import static dev.vertigan.tensor.Lanes.ALL;
import static dev.vertigan.tensor.Lanes.F;
import static dev.vertigan.tensor.Lanes.L;
import static dev.vertigan.tensor.Lanes.ORDER;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.SQRT;
import static jdk.incubator.vector.VectorOperators.XOR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// Elementary functions of floats built only of exactly rounded operations, so that interpreted, compiled, scalar and vector code
/// give the same bits (the Vector API's own EXP, LOG, SIN, TANH do not). Polynomials are minimax fits (Lawson's iteration) made
/// for this file; results are within 2 ulp. Bounds are kept by blends: `min` and `max`, as Java defines them for NaN and −0, are
/// several instructions each and made a sigmoid 1.4 times as slow.
public final class FloatMath {

    private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());

    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f; // 10 bits, so that n · LN2_HIGH is exact
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float ROUNDER = 0x1.8p23f; // adding it rounds to the nearest integer
    private static final int ROUNDER_BITS = Float.floatToRawIntBits(ROUNDER);

    private static final float LARGEST = 87; // e⁻⁸⁷ is not yet subnormal

    // (eʳ − 1 − r) / r² on |r| ≤ ln 2 / 2
    private static final float E0 = 0.49999994f;
    private static final float E1 = 0.16666521f;
    private static final float E2 = 0.04166839f;
    private static final float E3 = 0.00836871f;
    private static final float E4 = 0.0013814613f;

    // (ln(1 + f) − f + f²/2) / f³ on √½ − 1 ≤ f < √2 − 1
    private static final int SQRT_HALF_BITS = 0x3f3504f3;
    private static final float L0 = 0.33333313f;
    private static final float L1 = -0.2500001f;
    private static final float L2 = 0.20002119f;
    private static final float L3 = -0.16667996f;
    private static final float L4 = 0.14219552f;
    private static final float L5 = -0.12405589f;
    private static final float L6 = 0.11888163f;
    private static final float L7 = -0.11675651f;
    private static final float L8 = 0.067466386f;

    // (sin x − x) / x³ and (cos x − 1 + x²/2) / x⁴ as polynomials of x², |x| ≤ π/4
    private static final float S0 = -0.16666655f;
    private static final float S1 = 0.00833216f;
    private static final float S2 = -1.951528247e-04f;
    private static final float C0 = 0.041666646f;
    private static final float C1 = -0.0013887316f;
    private static final float C2 = 2.443315680e-05f;
    private static final float TURN = (float) (Math.PI / 2 * 0x1p-30); // radians per unit of a 32-bit turn

    private FloatMath() {}

    /// In place on elements [from, to), whole vectors: 1 / (1 + e⁻ˣ), as eˣ / (1 + eˣ) for negative x; 0 below −87, as not to be subnormal.
    public static void sigmoid(long memory, long from, long to) {
        for (long i = from; i < to; i += L) {
            FloatVector argument = fromMemorySegment(F, ALL, memory + 4 * i, ORDER);
            // e of −|x|, with n = round(x / ln 2) and r = x − n ln 2
            FloatVector size = argument.lanewise(ABS);
            FloatVector x = size.neg();
            FloatVector shifted = x.fma(broadcast(F, LOG2_E), broadcast(F, ROUNDER));
            FloatVector n = shifted.sub(ROUNDER);
            FloatVector r = n.fma(broadcast(F, -LN2_LOW), n.fma(broadcast(F, -LN2_HIGH), x));
            FloatVector p = broadcast(F, E4).fma(r, broadcast(F, E3)).fma(r, broadcast(F, E2)).fma(r, broadcast(F, E1)).fma(r, broadcast(F, E0));
            p = r.mul(r).fma(p, r).add(1f);
            FloatVector power = shifted.reinterpretAsInts().sub(ROUNDER_BITS - 127).lanewise(LSHL, 23).reinterpretAsFloats();
            FloatVector e = p.mul(power).blend(0f, size.compare(GT, LARGEST));
            FloatVector value = broadcast(F, 1f).blend(e, argument.compare(LT, 0f)).div(e.add(1f));
            value.intoMemorySegment(ALL, memory + 4 * i, ORDER);
        }
    }

    /// In place on elements [from, to), whole vectors: tanh x = t / (t + 2) with t = e²ˣ − 1, which keeps its precision near 0.
    public static void tanh(long memory, long from, long to) {
        for (long i = from; i < to; i += L) {
            FloatVector x = fromMemorySegment(F, ALL, memory + 4 * i, ORDER);
            FloatVector size = x.lanewise(ABS);
            FloatVector twice = size.add(size);
            FloatVector shifted = twice.fma(broadcast(F, LOG2_E), broadcast(F, ROUNDER));
            FloatVector n = shifted.sub(ROUNDER);
            FloatVector r = n.fma(broadcast(F, -LN2_LOW), n.fma(broadcast(F, -LN2_HIGH), twice));
            FloatVector p = broadcast(F, E4).fma(r, broadcast(F, E3)).fma(r, broadcast(F, E2)).fma(r, broadcast(F, E1)).fma(r, broadcast(F, E0));
            p = r.mul(r).fma(p, r);
            FloatVector power = shifted.reinterpretAsInts().sub(ROUNDER_BITS - 127).lanewise(LSHL, 23).reinterpretAsFloats();
            FloatVector t = p.fma(power, power.sub(1f));
            IntVector value = t.div(t.add(2f)).blend(1f, size.compare(GT, 10f)).reinterpretAsInts(); // tanh 10 rounds to 1
            value.or(x.reinterpretAsInts().and(Integer.MIN_VALUE)).reinterpretAsFloats().intoMemorySegment(ALL, memory + 4 * i, ORDER);
        }
    }

    /// √(−2 ln u) of a random word, u = (word / 2³²) in (0, 1]: the radius of a Box–Muller pair, at most 6.6.
    public static float radius(int word) {
        int bits = Float.floatToRawIntBits((float) (word >>> 1 | 1));
        int exponent = bits - SQRT_HALF_BITS >> 23;
        float f = Float.intBitsToFloat(bits - (exponent << 23)) - 1f;
        float e = exponent - 31;
        float p = Math.fma(Math.fma(Math.fma(Math.fma(L8, f, L7), f, L6), f, L5), f, L4);
        p = Math.fma(Math.fma(Math.fma(Math.fma(p, f, L3), f, L2), f, L1), f, L0);
        float square = f * f;
        float low = Math.fma(-0.5f, square, Math.fma(e, LN2_LOW, p * f * square));
        float log = Math.fma(e, LN2_HIGH, f + low);
        return (float) Math.sqrt(Math.max(log * -2f, 0f));
    }

    /// As the scalar [#radius(int)]: `values[i] = radius(words[i])` for i in [from, to), whole vectors.
    public static void radii(int[] words, float[] values, int from, int to) {
        for (int i = from; i < to; i += L) {
            IntVector bits = IntVector.fromArray(I, words, i).lanewise(LSHR, 1).or(1).convert(I2F, 0).reinterpretAsInts();
            IntVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(ASHR, 23);
            FloatVector f = bits.sub(exponent.lanewise(LSHL, 23)).reinterpretAsFloats().sub(1f);
            FloatVector e = (FloatVector) exponent.sub(31).convert(I2F, 0);
            FloatVector p = broadcast(F, L8).fma(f, broadcast(F, L7)).fma(f, broadcast(F, L6)).fma(f, broadcast(F, L5)).fma(f, broadcast(F, L4));
            p = p.fma(f, broadcast(F, L3)).fma(f, broadcast(F, L2)).fma(f, broadcast(F, L1)).fma(f, broadcast(F, L0));
            FloatVector square = f.mul(f);
            FloatVector low = square.fma(broadcast(F, -0.5f), e.fma(broadcast(F, LN2_LOW), p.mul(f).mul(square)));
            FloatVector log = e.fma(broadcast(F, LN2_HIGH), f.add(low));
            FloatVector twice = log.mul(-2f);
            twice.blend(0f, twice.compare(LE, 0f)).lanewise(SQRT).intoArray(values, i); // −0 too becomes 0
        }
    }

    /// Cosine or sine of a random word taken as an angle, 2³² being a full turn.
    public static float circle(int word, boolean sine) {
        int quadrant = word + (1 << 29) >>> 30;
        float x = (word - (quadrant << 30)) * TURN;
        float square = x * x;
        boolean useSine = sine == ((quadrant & 1) == 0);
        float value = useSine
                ? Math.fma(x * square, Math.fma(Math.fma(S2, square, S1), square, S0), x)
                : Math.fma(square * square, Math.fma(Math.fma(C2, square, C1), square, C0), Math.fma(-0.5f, square, 1f));
        int sign = (sine ? quadrant & 2 : quadrant + 1 & 2) << 30;
        return Float.intBitsToFloat(Float.floatToRawIntBits(value) ^ sign);
    }

    /// As the scalar [#circle(int, boolean)], times a radius: cosines at `valuesFrom + i`, sines at `valuesFrom + length + i`, for i in
    /// [0, length), whole vectors.
    public static void circles(int[] words, int wordsFrom, float[] radii, int radiiFrom, float[] values, int valuesFrom, int length) {
        for (int i = 0; i < length; i += L) {
            IntVector word = IntVector.fromArray(I, words, wordsFrom + i);
            FloatVector radius = FloatVector.fromArray(F, radii, radiiFrom + i);
            IntVector quadrant = word.add(1 << 29).lanewise(LSHR, 30);
            FloatVector x = ((FloatVector) word.sub(quadrant.lanewise(LSHL, 30)).convert(I2F, 0)).mul(TURN);
            FloatVector square = x.mul(x);
            IntVector s = x.mul(square).fma(broadcast(F, S2).fma(square, broadcast(F, S1)).fma(square, broadcast(F, S0)), x).reinterpretAsInts();
            IntVector c = square.mul(square).fma(broadcast(F, C2).fma(square, broadcast(F, C1)).fma(square, broadcast(F, C0)),
                    square.fma(broadcast(F, -0.5f), broadcast(F, 1f))).reinterpretAsInts();
            IntVector odd = quadrant.and(1).neg(); // all bits set in the quadrants where the two change places
            IntVector sign = quadrant.and(2).lanewise(LSHL, 30);
            IntVector cosineSign = quadrant.add(1).and(2).lanewise(LSHL, 30);
            FloatVector cosine = c.bitwiseBlend(s, odd).lanewise(XOR, cosineSign).reinterpretAsFloats();
            FloatVector sine = s.bitwiseBlend(c, odd).lanewise(XOR, sign).reinterpretAsFloats();
            cosine.mul(radius).intoArray(values, valuesFrom + i);
            sine.mul(radius).intoArray(values, valuesFrom + length + i);
        }
    }
}
