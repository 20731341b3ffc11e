package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/// All of a network's numbers of one kind in one flat, aligned stretch of memory, seen as named tensors: so that optimiser,
/// moving average, snapshot and restore are one pass each, however many layers there are.
public final class Parameters {

    private static final int ALIGNED = 16; // elements; 64 bytes of float32

    private final List<Slot> slots;
    private final Tensor flat; // [padded size]; in weights and gradients the padding between tensors is zero and stays zero
    private final Map<String, Tensor> views = new LinkedHashMap<>();

    private Parameters(List<Slot> slots, Kernels kernels) {
        this.slots = List.copyOf(slots);
        long size = slots.stream().mapToLong(Slot::padded).sum();
        flat = kernels.allocate(size);
        long offset = 0;
        for (var slot : slots) {
            views.put(slot.name, flat.rows(offset, slot.size()).reshape(slot.shape));
            offset += slot.padded();
        }
    }

    private record Slot(String name, InitialValue first, long[] shape) {

        long size() {
            long size = 1;
            for (long extent : shape) {
                size *= extent;
            }
            return size;
        }

        long padded() {
            return (size() + ALIGNED - 1) / ALIGNED * ALIGNED;
        }
    }

    /// Collects names and shapes before memory is taken.
    static final class Layout {

        private final List<Slot> slots = new ArrayList<>();

        void add(String name, InitialValue first, long... shape) {
            slots.add(new Slot(name, first, shape));
        }

        Parameters allocate(Kernels kernels) {
            return new Parameters(slots, kernels);
        }

        long count() {
            return slots.stream().mapToLong(Slot::size).sum();
        }

        List<String> names() {
            return slots.stream().map(Slot::name).toList();
        }
    }

    /// Other numbers of the same names and shapes, zero.
    public Parameters alike(Kernels kernels) {
        return new Parameters(slots, kernels);
    }

    /// Each tensor with how it begins.
    void forEach(BiConsumer<Tensor, InitialValue> begin) {
        slots.forEach(slot -> begin.accept(view(slot.name), slot.first));
    }

    /// How many numbers, without padding.
    long count() {
        return slots.stream().mapToLong(Slot::size).sum();
    }

    /// Everything at once, `[padded size]`.
    public Tensor flat() {
        return flat;
    }

    /// By name, in layer order; the tensors share memory with [#flat].
    public Map<String, Tensor> views() {
        return views;
    }

    /// One tensor by name.
    public Tensor view(String name) {
        var view = views.get(name);
        if (view == null) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "parameter: expected one of %s, found %s", views.keySet(), name));
        }
        return view;
    }
}
