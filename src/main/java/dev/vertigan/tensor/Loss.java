package dev.vertigan.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A function of one number a: `weight · (curve(t) + tilt · t)` at `t = scale · a + shift`.
///
/// @param tilt what is added in proportion to t, as cross-entropy against a target needs
public record Loss(Curve curve, double scale, double shift, double tilt, double weight) {

    /// `curve(a)`.
    public static Loss of(Curve curve) {
        return new Loss(curve, 1, 0, 0, 1);
    }

    /// The same function of `scale · a + shift`.
    public Loss at(double scale, double shift) {
        return new Loss(curve, this.scale * scale, this.scale * shift + this.shift, tilt, weight);
    }

    /// With `tilt · t` added.
    public Loss tilted(double tilt) {
        return new Loss(curve, scale, shift, this.tilt + tilt, weight);
    }

    /// `factor` times the function.
    public Loss times(double factor) {
        return new Loss(curve, scale, shift, tilt, weight * factor);
    }

    /// The loss at a.
    public double value(double a) {
        double[] point = new double[2];
        double t = scale * a + shift;
        curve.at(t, point);
        return weight * (point[0] + tilt * t);
    }

    /// Adds the losses at all of `a` to `sums[at]` and writes the slopes, both divided by `of`; in double precision on the host.
    public void onHost(Tensor a, long of, Tensor slopes, Tensor sums, int at) {
        boolean single = a.type() == ElementType.FLOAT32;
        boolean sloped = slopes.size() > 0;
        MemorySegment in = a.segment();
        MemorySegment out = slopes.segment();
        double[] point = new double[2];
        double sum = 0;
        for (long i = 0; i < a.size(); i++) {
            double t = scale * (single ? in.getAtIndex(ValueLayout.JAVA_FLOAT, i) : in.getAtIndex(ValueLayout.JAVA_DOUBLE, i)) + shift;
            curve.at(t, point);
            sum += weight * (point[0] + tilt * t);
            double slope = weight * scale * (point[1] + tilt) / of;
            if (sloped && single) {
                out.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) slope);
            } else if (sloped) {
                out.setAtIndex(ValueLayout.JAVA_DOUBLE, i, slope);
            }
        }
        sums.set(at, sums.get(at) + sum / of);
    }
}
