package dev.vertigan.tensor;

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

    /// Adds the losses at all of `a` to `sums[at]` and writes the slopes, both divided by `of`; in double precision on the host.
    void onHost(Tensor a, long of, Tensor slopes, Tensor sums, int at) {
        double sum = 0;
        double[] point = new double[2];
        for (long i = 0; i < a.size(); i++) {
            double t = scale * a.get(i) + shift;
            curve.at(t, point);
            sum += weight * (point[0] + tilt * t);
            if (slopes.size() > 0) {
                slopes.set(i, weight * scale * (point[1] + tilt) / of);
            }
        }
        sums.set(at, sums.get(at) + sum / of);
    }
}
