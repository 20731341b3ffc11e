/// Samples as something to look at: grids of images, clouds of points. Knows no networks, no buses, no files.
package dev.vertigan.picture;
