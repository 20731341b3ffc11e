package dev.vertigan.data;

import dev.vertigan.config.UserError;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;

/// Points in the plane whose density is drawn: as likely as the ink is dark in the middle square of an image, which spans [−spread, spread]².
/// Within a pixel all places are equally likely, so the density is known exactly.
final class DrawnDensity implements Dataset {

    static final String NAME = "drawing";

    private static final long STREAM = 0x6472617769L;
    private static final int SIDE = 256; // pixels
    private static final int WHITE = 255;

    private final byte[] grey; // [SIDE, SIDE], the top row first
    private final int[] ink; // [SIDE · SIDE]: of all pixels up to this one
    private final double spread;
    private final long size;
    private final long first;

    /// @param first number of the first sample among all there are
    private DrawnDensity(byte[] grey, int[] ink, double spread, long size, long first) {
        this.grey = grey;
        this.ink = ink;
        this.spread = spread;
        this.size = size;
        this.first = first;
    }

    /// @param spread half the square's side
    /// @throws UserError if the file is no image, or nothing is drawn on it
    static DrawnDensity open(Path file, double spread, long size) {
        return of(file.toString(), new ImageDecoder(SIDE, 1).decode(file.toString(), new FileTree.Stored(file)), spread, size);
    }

    /// @param name for messages
    /// @param grey `[256, 256]`
    static DrawnDensity of(String name, byte[] grey, double spread, long size) {
        int[] ink = new int[grey.length];
        int sum = 0;
        for (int i = 0; i < grey.length; i++) {
            sum += darkness(grey[i]);
            ink[i] = sum;
        }
        if (sum == 0) {
            throw new UserError(name + ": expected a drawing, dark on white, found nothing but white");
        }
        return new DrawnDensity(grey, ink, spread, size, 0);
    }

    private static int darkness(byte grey) {
        return WHITE - (grey & 0xFF);
    }

    /// `count` samples that none of this data set's are.
    DrawnDensity heldOut(long count) {
        return new DrawnDensity(grey, ink, spread, count, CounterRandom.HELD_OUT);
    }

    /// The probability density at a point, per unit of area.
    double density(double x, double y) {
        double column = Math.floor((x / spread + 1) / 2 * SIDE);
        double row = Math.floor((1 - y / spread) / 2 * SIDE);
        if (column < 0 || column >= SIDE || row < 0 || row >= SIDE) {
            return 0;
        }
        double pixel = 2 * spread / SIDE;
        int place = (int) (row * SIDE + column);
        return darkness(grey[place]) / (ink[ink.length - 1] * pixel * pixel);
    }

    @Override
    public String name() {
        return NAME;
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
    public long size() {
        return size;
    }

    @Override
    public void read(long index, float[] target, int offset) {
        var random = new CounterRandom(STREAM, first + Objects.checkIndex(index, size));
        int pixel = pixel(random.below(ink[ink.length - 1]));
        target[offset] = (float) (spread * (2 * (pixel % SIDE + random.uniform()) / SIDE - 1));
        target[offset + 1] = (float) (spread * (1 - 2 * (pixel / SIDE + random.uniform()) / SIDE));
    }

    /// The pixel that holds the drop of ink of that number.
    private int pixel(int drop) {
        int found = Arrays.binarySearch(ink, drop + 1);
        if (found < 0) {
            return -found - 1;
        }
        while (found > 0 && ink[found - 1] == drop + 1) { // white pixels after it hold no more
            found--;
        }
        return found;
    }

    @Override
    public Fingerprint fingerprint() {
        return Fingerprint.of(this).with("spread", spread).withHash("content", digest -> digest.update(grey));
    }
}
