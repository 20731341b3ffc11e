/// Networks: layers, their parameters, optimisers. A network computes a gradient; an optimiser applies it; the two are apart,
/// so that gradients of several shards can be added in between. Knows tensors and kernels, and nothing of games, data or buses.
package dev.vertigan.nn;
