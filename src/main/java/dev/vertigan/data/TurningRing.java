package dev.vertigan.data;

/// A stream that needs nobody to push it: a ring of Gaussians that turns as it is seen, by 2π every `period` samples, counter-clockwise. No
/// sample comes twice.
final class TurningRing implements DerivedDataset {

    private static final String NAME = "turning-ring";

    private final Mixture ring; // as it is at sample 0, endless
    private final long size;
    private final long period;

    /// @param size samples that are called an epoch
    /// @throws dev.vertigan.config.UserError if a figure makes no ring
    TurningRing(int modes, double spread, double deviation, long size, long period) {
        ring = Mixture.ring(modes, spread, deviation, 1L << 60);
        this.size = size;
        this.period = period;
    }

    private double angle(long sample) {
        return 2 * Math.PI * (sample % period) / period;
    }

    @Override
    public Dataset origin() {
        return ring;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public boolean inMemory() {
        return true;
    }

    @Override
    public Order order(long seed) {
        return sample -> sample; // their time
    }

    /// The Gaussians turned together, as each is round.
    @Override
    public void read(long index, float[] target, int offset) {
        ring.read(index, target, offset);
        var rotation = Rotation.by(angle(index));
        double x = target[offset];
        double y = target[offset + 1];
        target[offset] = (float) rotation.x(x, y);
        target[offset + 1] = (float) rotation.y(x, y);
    }

    /// The ring as it stands, a mixture whose density is known.
    @Override
    public Dataset after(long samples) {
        return ring.turned(NAME, Rotation.by(angle(samples)), size);
    }

    @Override
    public Fingerprint fingerprint() {
        return Fingerprint.of(this).with("period", period).with("ring", ring.fingerprint().facts().toString());
    }
}
