package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// A buffer for the largest minibatch, handed out as its first n rows: memory is taken when it is first used, once. A run uses two or three
/// values of n, so the views are remembered.
final class Scratch {

    private final Kernels kernels;
    private final long[] shape; // [capacity, ...]
    private final List<Tensor> views = new ArrayList<>();

    Scratch(Kernels kernels, long... shape) {
        this.kernels = kernels;
        this.shape = shape;
    }

    Tensor rows(long count) {
        for (int i = 0; i < views.size(); i++) {
            if (views.get(i).extent(0) == count) {
                return views.get(i);
            }
        }
        if (views.isEmpty()) {
            views.add(kernels.allocate(shape));
            return rows(count);
        }
        var view = views.getFirst().rows(0, count);
        views.add(view);
        return view;
    }
}
