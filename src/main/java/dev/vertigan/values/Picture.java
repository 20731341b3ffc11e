package dev.vertigan.values;

/// Samples to look at: a PNG grid, or points.
///
/// @param source generated from the fixed latents, or real
/// @param format how bytes are to be read
/// @param step turns completed by the weights that drew it
/// @param count samples in it
/// @param width pixels of a PNG; 1 or 2 for points (their dimension)
/// @param height pixels of a PNG; `count` for points
/// @param bytes PNG file, or little-endian float32 `[count, width]`; read-only by agreement
public record Picture(Source source, Format format, long step, int count, int width, int height, byte[] bytes) {

    public enum Source { FAKE, REAL }

    public enum Format { PNG, POINTS }
}
