package dev.vertigan.data;

/// A data set made of another: each of its samples is one of the other's, and whatever it does not say itself is as the other has it, but for
/// the order, what it becomes, and the fingerprint.
public interface DerivedDataset extends Dataset {

    /// What it is made of.
    Dataset origin();

    /// Which sample of the origin one is.
    ///
    /// @throws IndexOutOfBoundsException if the index is not in [0, size)
    default long at(long index) {
        return index;
    }

    @Override
    default String name() {
        return origin().name();
    }

    @Override
    default Kind kind() {
        return origin().kind();
    }

    @Override
    default int[] shape() {
        return origin().shape();
    }

    @Override
    default int features() {
        return origin().features();
    }

    @Override
    default long size() {
        return origin().size();
    }

    @Override
    default int classes() {
        return origin().classes();
    }

    @Override
    default void read(long index, float[] target, int offset) {
        origin().read(at(index), target, offset);
    }

    @Override
    default int label(long index) {
        return origin().label(at(index));
    }

    @Override
    default float black() {
        return origin().black();
    }

    @Override
    default boolean inMemory() {
        return origin().inMemory();
    }
}
