package dev.vertigan.nn;

import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// A buffer taken once for the largest minibatch, handed out as its first n rows. A run uses two or three values of n, so
/// the views are remembered.
final class Scratch {

    private final Tensor whole; // [capacity, ...]
    private final List<Tensor> views = new ArrayList<>();

    Scratch(Kernels kernels, long... shape) {
        whole = kernels.allocate(shape);
        views.add(whole);
    }

    Tensor rows(long count) {
        for (int i = 0; i < views.size(); i++) {
            if (views.get(i).extent(0) == count) {
                return views.get(i);
            }
        }
        var view = whole.rows(0, count);
        views.add(view);
        return view;
    }
}
