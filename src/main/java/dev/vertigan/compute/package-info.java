/// Chooses what computes: the only room that knows every implementation of the kernels.
package dev.vertigan.compute;
