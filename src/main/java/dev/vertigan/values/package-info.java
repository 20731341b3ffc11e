/// What every room speaks of: reports and the catalogue of what they measure, the run's status, commands and pictures.
/// Plain values: no Vert.x, no tensors, no files.
package dev.vertigan.values;
