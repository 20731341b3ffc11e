/// Float32 on the CPU: loops as wide as the machine's vectors, and matrix products by what [dev.vertigan.tensor.blas] chose.
package dev.vertigan.tensor.simd;
