package dev.vertigan.tensor;

import static jdk.incubator.vector.VectorOperators.ABS;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.SQRT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// Elementary functions of floats built only of exactly rounded operations, so that interpreted, compiled, scalar and vector code
/// give the same bits (the Vector API's own EXP, LOG, SIN, TANH do not). Polynomials are minimax fits (Lawson's iteration) made
/// for this file; results are within 2 ulp.
final class FloatMath {

    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = 0.693359375f; // 10 bits, so that n · LN2_HIGH is exact
    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float ROUNDER = 0x1.8p23f; // adding it rounds to the nearest integer

    // (eʳ − 1 − r) / r² on |r| ≤ ln 2 / 2
    private static final float E0 = 0.49999994f;
    private static final float E1 = 0.16666521f;
    private static final float E2 = 0.04166839f;
    private static final float E3 = 0.00836871f;
    private static final float E4 = 0.0013814613f;

    // (tanh x − x) / x³ as a polynomial of x², |x| < TANH_SMALL
    private static final float TANH_SMALL = 0.625f;
    private static final float T0 = -0.3333333f;
    private static final float T1 = 0.13333206f;
    private static final float T2 = -0.053946763f;
    private static final float T3 = 0.021700703f;
    private static final float T4 = -0.008177398f;
    private static final float T5 = 0.0021429616f;

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

    /// eˣ; 0 and ∞ at the ends, subnormal results included, NaN for NaN.
    static FloatVector exp(FloatVector argument) {
        FloatVector x = argument.min(89f).max(-104f); // beyond, the result is ∞ or 0 anyway
        FloatVector shifted = x.fma(FloatVector.broadcast(Lanes.F, LOG2_E), FloatVector.broadcast(Lanes.F, ROUNDER));
        FloatVector n = shifted.sub(ROUNDER);
        FloatVector r = n.fma(FloatVector.broadcast(Lanes.F, -LN2_HIGH), x);
        r = n.fma(FloatVector.broadcast(Lanes.F, -LN2_LOW), r);
        FloatVector p = horner(FloatVector.broadcast(Lanes.F, E4), r, E3);
        p = horner(horner(horner(p, r, E2), r, E1), r, E0);
        p = r.mul(r).fma(p, r).add(1f);
        // 2ⁿ in two factors, as n may lie outside the exponents of normal numbers
        IntVector exponent = shifted.reinterpretAsInts().sub(Float.floatToRawIntBits(ROUNDER));
        IntVector half = exponent.lanewise(ASHR, 1);
        return p.mul(power(half)).mul(power(exponent.sub(half)));
    }

    private static FloatVector power(IntVector exponent) {
        return exponent.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
    }

    private static FloatVector horner(FloatVector p, FloatVector x, float next) {
        return p.fma(x, FloatVector.broadcast(Lanes.F, next));
    }

    /// 1 / (1 + e⁻ˣ), as eˣ / (1 + eˣ) for negative x.
    static FloatVector sigmoid(FloatVector x) {
        FloatVector e = exp(x.lanewise(ABS).neg());
        return FloatVector.broadcast(Lanes.F, 1f).blend(e, x.compare(LT, 0f)).div(e.add(1f));
    }

    /// A polynomial near 0, 1 − 2 / (e²ˣ + 1) elsewhere.
    static FloatVector tanh(FloatVector x) {
        FloatVector size = x.lanewise(ABS);
        FloatVector e = exp(size.add(size));
        FloatVector large = FloatVector.broadcast(Lanes.F, 1f).sub(FloatVector.broadcast(Lanes.F, 2f).div(e.add(1f)));
        large = large.reinterpretAsInts().or(x.reinterpretAsInts().and(Integer.MIN_VALUE)).reinterpretAsFloats();
        FloatVector square = x.mul(x);
        FloatVector p = horner(horner(FloatVector.broadcast(Lanes.F, T5), square, T4), square, T3);
        p = horner(horner(horner(p, square, T2), square, T1), square, T0);
        return large.blend(x.mul(square).fma(p, x), size.compare(LT, TANH_SMALL));
    }

    /// √(−2 ln u) of a random word, u = (word / 2³²) in (0, 1]: the radius of a Box–Muller pair, at most 6.6.
    static float radius(int word) {
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

    /// As the scalar [#radius(int)], lane by lane.
    static FloatVector radius(IntVector words) {
        IntVector bits = words.lanewise(LSHR, 1).or(1).convert(I2F, 0).reinterpretAsInts();
        IntVector exponent = bits.sub(SQRT_HALF_BITS).lanewise(ASHR, 23);
        FloatVector f = bits.sub(exponent.lanewise(LSHL, 23)).reinterpretAsFloats().sub(1f);
        FloatVector e = (FloatVector) exponent.sub(31).convert(I2F, 0);
        FloatVector p = horner(horner(horner(horner(FloatVector.broadcast(Lanes.F, L8), f, L7), f, L6), f, L5), f, L4);
        p = horner(horner(horner(horner(p, f, L3), f, L2), f, L1), f, L0);
        FloatVector square = f.mul(f);
        FloatVector low = square.fma(FloatVector.broadcast(Lanes.F, -0.5f), e.fma(FloatVector.broadcast(Lanes.F, LN2_LOW), p.mul(f).mul(square)));
        FloatVector log = e.fma(FloatVector.broadcast(Lanes.F, LN2_HIGH), f.add(low));
        return log.mul(-2f).max(0f).lanewise(SQRT);
    }

    /// Cosine or sine of a random word taken as an angle, 2³² being a full turn.
    static float circle(int word, boolean sine) {
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

    /// As the scalar [#circle(int, boolean)], lane by lane.
    static FloatVector circle(IntVector words, boolean sine) {
        IntVector quadrant = words.add(1 << 29).lanewise(LSHR, 30);
        FloatVector x = ((FloatVector) words.sub(quadrant.lanewise(LSHL, 30)).convert(I2F, 0)).mul(TURN);
        FloatVector square = x.mul(x);
        FloatVector s = x.mul(square).fma(horner(horner(FloatVector.broadcast(Lanes.F, S2), square, S1), square, S0), x);
        FloatVector c = square.mul(square).fma(horner(horner(FloatVector.broadcast(Lanes.F, C2), square, C1), square, C0),
                square.fma(FloatVector.broadcast(Lanes.F, -0.5f), FloatVector.broadcast(Lanes.F, 1f)));
        var odd = quadrant.and(1).compare(NE, 0).cast(Lanes.F);
        FloatVector value = sine ? s.blend(c, odd) : c.blend(s, odd);
        IntVector sign = (sine ? quadrant.and(2) : quadrant.add(1).and(2)).lanewise(LSHL, 30);
        return value.reinterpretAsInts().lanewise(jdk.incubator.vector.VectorOperators.XOR, sign).reinterpretAsFloats();
    }
}
