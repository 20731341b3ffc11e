/// Data sets: pure functions from index to sample, the readers and downloads behind them, and the order they are visited in.
///
/// Nothing here knows networks, tensors, Vert.x or the run: samples are written into the caller's `float[]`. Only
/// `Datasets` maps a configured name to a data set.
package dev.vertigan.data;
