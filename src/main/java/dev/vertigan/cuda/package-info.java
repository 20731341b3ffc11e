/// A card of NVIDIA's: its memory, programs compiled for it while they run, and matrix products.
///
/// Speaks to NVIDIA's driver, NVRTC and cuBLAS as they are installed (CUDA 11.2 to 13), by plain C calls. Knows nothing of tensors.
package dev.vertigan.cuda;
