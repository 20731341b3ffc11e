/// Models that the papers compare generative adversarial networks with, small and trained by the same kernels: so that their samples and figures
/// stand beside G's. No game, no Vert.x, no run's folder.
package dev.vertigan.baseline;
