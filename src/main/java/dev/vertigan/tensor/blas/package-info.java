/// The library that multiplies matrices on the CPU, and how it is chosen.
package dev.vertigan.tensor.blas;
