/// Tensors and the arithmetic on them: memory, kernels, random numbers, and the one byte layout of wire and file.
///
/// Nothing here knows of networks, data sets, messages or Vert.x. Random numbers are pure functions of what they are for
/// ([dev.vertigan.tensor.Draw]); no kernel keeps a state between calls.
package dev.vertigan.tensor;
