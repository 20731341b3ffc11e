package dev.vertigan.data;

import java.io.IOException;
import java.util.List;

/// The colours of a JPEG's components. Which they are is told as libjpeg tells it (jdapimin.c), with its arithmetic to the bit; of four inks 255 is
/// none, as Adobe's programs write them.
final class JpegColours implements Colours {

    private static final int WHITE = 255;
    private static final int GREY_CHROMA = 128;
    private static final int BITS = 16; // of a fixed-point number after its point
    private static final int HALF = 1 << BITS - 1;
    private static final int RED_CR = fixed(1.402);
    private static final int GREEN_CB = fixed(-0.34414);
    private static final int GREEN_CR = fixed(-0.71414);
    private static final int BLUE_CB = fixed(1.772);

    private final int bands;
    private final boolean luma; // the first three are Y, Cb, Cr
    private final boolean[] halved; // components with half as many rows as the image
    private int[] raw = new int[0]; // [pixels, components]
    private int[] other = new int[0]; // a neighbouring row

    JpegColours(JpegHeader header) {
        var components = header.components();
        bands = components.size();
        luma = switch (bands) {
            case 3 ->
                header.jfif() || (header.adobe().isPresent() ? header.adobe().getAsInt() != 0 : !ids(components).equals(List.of('R', 'G', 'B')));
            case 4 -> header.adobe().orElse(0) != 0;
            default -> false;
        };
        int across = components.stream().mapToInt(JpegHeader.Component::across).max().orElseThrow();
        int down = components.stream().mapToInt(JpegHeader.Component::down).max().orElseThrow();
        halved = new boolean[bands];
        for (int i = 0; i < bands; i++) {
            halved[i] = components.get(i).across() == across && 2 * components.get(i).down() == down;
        }
    }

    private static List<Character> ids(List<JpegHeader.Component> components) {
        return components.stream().map(component -> (char) component.id()).toList();
    }

    private static int fixed(double value) {
        return (int) Math.round(value * (1 << BITS));
    }

    @Override
    public void read(Strips strips, int y, int left, int count, float[] rgba) throws IOException {
        if (raw.length < count * bands) {
            raw = new int[count * bands];
            other = new int[count * bands];
        }
        strips.read(y, left, count, raw);
        for (int i = 0; i < bands; i++) {
            if (halved[i]) {
                smooth(strips, y, left, count, i);
            }
        }
        for (int x = 0; x < count; x++) {
            colour(x * bands, rgba, 4 * x);
        }
    }

    /// The reader has such a component's rows twice each. As libjpeg-turbo has them, a row takes a quarter from the nearer of its neighbours.
    private void smooth(Strips strips, int y, int left, int count, int band) throws IOException {
        int neighbour = Math.clamp(y % 2 == 0 ? y - 1 : y + 1, 0, strips.height() - 1);
        strips.read(neighbour, left, count, other);
        int round = y % 2 == 0 ? 1 : 2;
        for (int at = band; at < count * bands; at += bands) {
            raw[at] = 3 * raw[at] + other[at] + round >> 2;
        }
    }

    private void colour(int at, float[] rgba, int to) {
        int first = raw[at];
        int red = first;
        int green = bands == 1 ? first : raw[at + 1];
        int blue = bands == 1 ? first : raw[at + 2];
        if (luma) {
            int cb = green - GREY_CHROMA;
            int cr = blue - GREY_CHROMA;
            red = clamp(first + (RED_CR * cr + HALF >> BITS));
            green = clamp(first + (GREEN_CB * cb + GREEN_CR * cr + HALF >> BITS));
            blue = clamp(first + (BLUE_CB * cb + HALF >> BITS));
        }
        if (bands == 4) {
            int light = raw[at + 3]; // that black ink leaves
            rgba[to] = (luma ? WHITE - red : red) * light / (float) WHITE;
            rgba[to + 1] = (luma ? WHITE - green : green) * light / (float) WHITE;
            rgba[to + 2] = (luma ? WHITE - blue : blue) * light / (float) WHITE;
        } else {
            rgba[to] = red;
            rgba[to + 1] = green;
            rgba[to + 2] = blue;
        }
        rgba[to + 3] = WHITE;
    }

    private static int clamp(int level) {
        return Math.clamp(level, 0, WHITE);
    }
}
