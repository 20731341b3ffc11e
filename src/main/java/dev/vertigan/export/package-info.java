/// Writes samples for other programs: NumPy arrays, PNG files, tar archives. Knows pictures and data; nothing of networks, Vert.x or people.
package dev.vertigan.export;
