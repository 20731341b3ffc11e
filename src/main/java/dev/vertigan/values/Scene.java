package dev.vertigan.values;

/// What both players see at a moment, for a page to draw: arrays of numbers, one after the other.
///
/// @param step turns completed
/// @param arrays JSON: `[{"name", "shape", "type": "f32" | "i8", "scale"}]`; an `i8` stands for that times its scale
/// @param bytes the arrays in that order, little-endian, each padded to a multiple of four; read-only by agreement
public record Scene(long step, String arrays, byte[] bytes) {}
