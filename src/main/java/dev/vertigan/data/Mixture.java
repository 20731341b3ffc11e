package dev.vertigan.data;

import dev.vertigan.config.UserError;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/// A mixture of equally likely isotropic Gaussians in one or two dimensions, the classic test of mode collapse. Labels name the
/// component.
public final class Mixture implements Dataset {

    /// What a perfect generator would produce, for drawing and for counting the modes covered.
    ///
    /// @param centres `[modes][dimensions]`; not to be written to
    /// @param deviation standard deviation of each component in every dimension
    public record Modes(double[][] centres, double deviation) {}

    private static final long STREAM = 0x6D697874757265L;

    private final String name;
    private final Modes modes;
    private final long size;
    private final long first;

    private Mixture(String name, Modes modes, long size, long first) {
        this.name = name;
        this.modes = modes;
        this.size = size;
        this.first = first;
    }

    /// `modes` components on the line, `spread` apart, centred at 0.
    ///
    /// @throws UserError if a figure makes no mixture; so do `ring` and `grid`
    public static Mixture gaussian(int modes, double spread, double deviation, long size) {
        check(modes, spread, deviation, size);
        var centres = new double[modes][];
        for (int i = 0; i < modes; i++) {
            centres[i] = new double[] {(i - (modes - 1) / 2.0) * spread};
        }
        return new Mixture("gaussian", new Modes(centres, deviation), size, 0);
    }

    /// `modes` components on a circle of radius `spread`, at the angles 2πi/modes.
    public static Mixture ring(int modes, double spread, double deviation, long size) {
        check(modes, spread, deviation, size);
        var centres = new double[modes][];
        for (int i = 0; i < modes; i++) {
            double angle = 2 * Math.PI * i / modes;
            centres[i] = new double[] {spread * StrictMath.cos(angle), spread * StrictMath.sin(angle)};
        }
        return new Mixture("ring", new Modes(centres, deviation), size, 0);
    }

    /// `modes` components on a square grid, `spread` between neighbours, centred at the origin.
    public static Mixture grid(int modes, double spread, double deviation, long size) {
        check(modes, spread, deviation, size);
        int side = (int) Math.round(Math.sqrt(modes));
        if (side * side != modes) {
            throw new UserError(
                    String.format(Locale.ROOT, "data.modes: expected a square number for a grid, found %d; the nearest is %d", modes, side * side));
        }
        var centres = new double[modes][];
        for (int i = 0; i < modes; i++) {
            centres[i] = new double[] {(i % side - (side - 1) / 2.0) * spread, (i / side - (side - 1) / 2.0) * spread};
        }
        return new Mixture("grid", new Modes(centres, deviation), size, 0);
    }

    private static void check(int modes, double spread, double deviation, long size) {
        expect("data.modes", "1 to 1000000", modes, modes >= 1 && modes <= 1_000_000);
        expect("data.spread", "a number > 0", spread, spread > 0 && Double.isFinite(spread) || modes == 1 && spread == 0);
        expect("data.deviation", "a number > 0", deviation, deviation > 0 && Double.isFinite(deviation));
        expect("data.size", "1 to 2⁶⁰ samples an epoch", size, size >= 1 && size <= 1L << 60);
    }

    private static void expect(String key, String expected, Number found, boolean holds) {
        if (!holds) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected %s, found %s", key, expected, found));
        }
    }

    /// `count` samples of the same mixture that none of this data set's are.
    Mixture heldOut(long count) {
        return new Mixture(name, modes, count, CounterRandom.HELD_OUT);
    }

    /// The same mixture in the plane, turned.
    Mixture turned(String as, Rotation by, long samples) {
        var centres = Arrays.stream(modes.centres)
                .map(centre -> new double[] {by.x(centre[0], centre[1]), by.y(centre[0], centre[1])}).toArray(double[][]::new);
        return new Mixture(as, new Modes(centres, modes.deviation), samples, first);
    }

    public Modes modes() {
        return modes;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Kind kind() {
        return Kind.ofPoints(features());
    }

    @Override
    public int[] shape() {
        return new int[] {features()};
    }

    @Override
    public int features() {
        return modes.centres[0].length;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int classes() {
        return modes.centres.length;
    }

    @Override
    public void read(long index, float[] target, int offset) {
        var random = at(index);
        double[] centre = modes.centres[random.below(classes())];
        for (int i = 0; i < centre.length; i++) {
            target[offset + i] = (float) (centre[i] + modes.deviation * random.normal());
        }
    }

    @Override
    public int label(long index) {
        return at(index).below(classes());
    }

    @Override
    public Fingerprint fingerprint() {
        return Fingerprint.of(this).with("deviation", modes.deviation).withHash("centres",
                digest -> digest.update(Arrays.deepToString(modes.centres).getBytes(StandardCharsets.US_ASCII)));
    }

    private CounterRandom at(long index) {
        return new CounterRandom(STREAM, first + Objects.checkIndex(index, size));
    }
}
