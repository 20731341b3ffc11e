package dev.vertigan.nn;

import java.util.List;

/// One layer of a network described for drawing.
///
/// @param path how its parameters' names begin: `3`, or `5.1` for the second layer of the block at 5
/// @param words what it is, as in `dense leaky-relu`
/// @param in the shape of a sample that it takes
/// @param out the shape that it gives
/// @param parameters numbers that it learns, with those of the layers in it
/// @param tensors their names, in order, without those of the layers in it
/// @param inner the layers of a block, in order
public record LayerNote(String path, String words, Shape in, Shape out, long parameters, List<String> tensors, List<LayerNote> inner) {

    public LayerNote {
        tensors = List.copyOf(tensors);
        inner = List.copyOf(inner);
    }
}
