package dev.vertigan.data;

import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets.Split;
import java.util.Locale;
import java.util.Objects;

/// What is trained on of a data set, or what is held out of it: the two have no sample in common, and are picked from all over it, as it may be
/// sorted by class.
final class PartOfSet implements DerivedDataset {

    private static final long SEED = 11;

    private final Dataset whole;
    private final double heldOut;
    private final BatchOrder order;
    private final long first; // in that order
    private final long size;

    private PartOfSet(Dataset whole, double heldOut, long first, long size) {
        this.whole = whole;
        this.heldOut = heldOut;
        order = new BatchOrder(SEED, whole.size());
        this.first = first;
        this.size = size;
    }

    /// @param heldOut the share that is not trained on
    /// @throws UserError if either part would be empty
    static PartOfSet of(Dataset whole, double heldOut, Split split) {
        long held = Math.round(heldOut * whole.size());
        if (held == 0 || held == whole.size()) {
            throw new UserError(String.format(Locale.ROOT, "data.heldOut: expected a share of %,d samples that is at least one and not all, found %s",
                    whole.size(), heldOut));
        }
        return split == Split.TEST ? new PartOfSet(whole, heldOut, 0, held) : new PartOfSet(whole, heldOut, held, whole.size() - held);
    }

    @Override
    public Dataset origin() {
        return whole;
    }

    @Override
    public long at(long index) {
        return order.index(first + Objects.checkIndex(index, size));
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public Fingerprint fingerprint() {
        return whole.fingerprint().with("heldOut", heldOut);
    }
}
