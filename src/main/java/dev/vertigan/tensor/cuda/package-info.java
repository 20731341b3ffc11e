/// Float32 on a card of NVIDIA's: the kernels of `kernels.cu`, launched through [dev.vertigan.cuda].
package dev.vertigan.tensor.cuda;
