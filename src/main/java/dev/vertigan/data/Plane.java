package dev.vertigan.data;

import java.util.Locale;
import java.util.Objects;

/// Points of a figure in the plane, blurred: distributions along curves and over areas, where a mixture has only points. Labels name the part.
///
/// @param spread half a spiral's or a ring's width, a moon's radius, a tile's side
/// @param deviation standard deviation of the blur in each direction
/// @param first number of the first sample among all there are
record Plane(Figure figure, double spread, double deviation, long size, long first) implements Dataset {

    private static final long STREAM = 0x706C616E65L;
    private static final double TURNS = 1.5; // of a spiral's arm

    /// What the points lie on.
    enum Figure {

        /// Two arms, from the middle outwards; as many points on every part of the radius.
        SPIRAL(2) {
            @Override
            double[] point(int part, CounterRandom random) {
                double radius = random.uniform();
                return polar(radius, 2 * Math.PI * (TURNS * radius + part / 2.0));
            }
        },

        /// Two half circles that reach into each other.
        MOONS(2) {
            @Override
            double[] point(int part, CounterRandom random) {
                double[] arc = polar(1, Math.PI * random.uniform());
                return part == 0 ? new double[] {arc[0] - 0.5, arc[1] - 0.25} : new double[] {0.5 - arc[0], 0.25 - arc[1]};
            }
        },

        /// The eight squares of one colour of a board of four by four.
        CHECKERBOARD(8) {
            @Override
            double[] point(int part, CounterRandom random) {
                int row = part / 2;
                return new double[] {2 * (part % 2) + row % 2 - 2 + random.uniform(), row - 2 + random.uniform()};
            }
        },

        /// A circle and one of half its radius.
        RINGS(2) {
            @Override
            double[] point(int part, CounterRandom random) {
                return polar(part == 0 ? 1 : 0.5, 2 * Math.PI * random.uniform());
            }
        };

        private final int parts;

        Figure(int parts) {
            this.parts = parts;
        }

        /// A point of one of its parts, all equally likely.
        abstract double[] point(int part, CounterRandom random);

        private static double[] polar(double radius, double angle) {
            return new double[] {radius * StrictMath.cos(angle), radius * StrictMath.sin(angle)};
        }
    }

    Plane(Figure figure, double spread, double deviation, long size) {
        this(figure, spread, deviation, size, 0);
    }

    /// `count` samples of the same figure that none of this data set's are.
    Plane heldOut(long count) {
        return new Plane(figure, spread, deviation, count, CounterRandom.HELD_OUT);
    }

    @Override
    public String name() {
        return figure.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public Kind kind() {
        return Kind.POINTS_2D;
    }

    @Override
    public int[] shape() {
        return new int[] {2};
    }

    @Override
    public int classes() {
        return figure.parts;
    }

    @Override
    public void read(long index, float[] target, int offset) {
        var random = at(index);
        double[] point = figure.point(random.below(figure.parts), random);
        for (int i = 0; i < point.length; i++) {
            target[offset + i] = (float) (spread * point[i] + deviation * random.normal());
        }
    }

    @Override
    public int label(long index) {
        return at(index).below(figure.parts);
    }

    private CounterRandom at(long index) {
        return new CounterRandom(STREAM + figure.ordinal(), first + Objects.checkIndex(index, size));
    }

    @Override
    public Fingerprint fingerprint() {
        return Fingerprint.of(this).with("spread", spread).with("deviation", deviation);
    }
}
