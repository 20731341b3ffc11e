package dev.vertigan.data;

/// A turn of the plane about the origin, counter-clockwise.
record Rotation(double cos, double sin) {

    static Rotation by(double angle) {
        return new Rotation(StrictMath.cos(angle), StrictMath.sin(angle));
    }

    double x(double x, double y) {
        return cos * x - sin * y;
    }

    double y(double x, double y) {
        return sin * x + cos * y;
    }
}
