package dev.vertigan.data;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// What stands before the pixels of a JPEG file (ITU-T T.81, annex B).
///
/// @param components in the order of the frame
/// @param jfif whether it has JFIF's marker
/// @param adobe the colour transform that Adobe's marker names
/// @param deepTables whether quantisation tables have 16 bits, which TwelveMonkeys' reader cuts to their upper eight
record JpegHeader(List<Component> components, boolean jfif, OptionalInt adobe, Orientation orientation, boolean deepTables) {

    /// @param id usually 1, 2, 3
    /// @param across samples in a row, to the most that any component has
    /// @param down likewise in a column
    record Component(int id, int across, int down) {}

    private static final int START = 2; // bytes before the first marker
    private static final int SCAN = 0xDA; // pixels follow
    private static final int FIRST_FRAME = 0xC0;
    private static final int LAST_FRAME = 0xC2; // of the kinds that libjpeg has always read
    private static final int TABLES = 0xDB;
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP14 = 0xEE;

    JpegHeader {
        components = List.copyOf(components);
    }

    /// @throws IOException if the file has no pixels, colours that nobody knows, or a rare kind of coding
    static JpegHeader of(byte[] jpeg) throws IOException {
        List<Component> components = new ArrayList<>();
        boolean jfif = false;
        var adobe = OptionalInt.empty();
        var orientation = Orientation.UPRIGHT;
        boolean deepTables = false;
        var in = ByteBuffer.wrap(jpeg).position(START);
        try {
            for (int marker = marker(in); marker != SCAN; marker = marker(in)) {
                var segment = in.slice(in.position() + Short.BYTES, (in.getShort(in.position()) & 0xFFFF) - Short.BYTES);
                if (marker == TABLES) {
                    deepTables |= segment.get(0) >> 4 > 0;
                } else if (isFrame(marker)) {
                    if (marker > LAST_FRAME) {
                        throw new IOException("expected a baseline or progressive JPEG, found a lossless, hierarchical or arithmetic one (SOF"
                                + (marker - FIRST_FRAME) + ")");
                    }
                    components.addAll(components(segment));
                } else if (marker == APP0 && begins(segment, "JFIF\0")) {
                    jfif = true;
                } else if (marker == APP14 && begins(segment, "Adobe")) {
                    adobe = OptionalInt.of(segment.get(11) & 0xFF);
                } else if (marker == APP1 && begins(segment, "Exif\0\0") && orientation.equals(Orientation.UPRIGHT)) {
                    orientation = Orientation.ofExif(segment.slice(6, segment.capacity() - 6));
                }
                in.position(in.position() + Short.BYTES + segment.capacity());
            }
        } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("the file is cut short", e);
        }
        if (components.size() != 1 && components.size() != 3 && components.size() != 4) {
            throw new IOException("expected 1, 3 or 4 colour components, found " + components.size());
        }
        return new JpegHeader(components, jfif, adobe, orientation, deepTables);
    }

    /// The next one; what is between two segments is passed over, as libjpeg does.
    private static int marker(ByteBuffer in) {
        int before = 0;
        while (true) {
            int next = in.get() & 0xFF;
            if (before == 0xFF && next != 0xFF && next != 0) {
                return next;
            }
            before = next;
        }
    }

    /// SOF0 to SOF15, without the three of these numbers that mark something else.
    private static boolean isFrame(int marker) {
        return marker >= FIRST_FRAME && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    private static List<Component> components(ByteBuffer frame) {
        var components = new ArrayList<Component>();
        int count = frame.get(5) & 0xFF;
        for (int i = 0; i < count; i++) {
            int at = 6 + 3 * i;
            components.add(new Component(frame.get(at) & 0xFF, frame.get(at + 1) >> 4 & 0xF, frame.get(at + 1) & 0xF));
        }
        return components;
    }

    private static boolean begins(ByteBuffer segment, String name) {
        byte[] expected = name.getBytes(StandardCharsets.ISO_8859_1);
        return segment.capacity() >= 12 && segment.slice(0, expected.length).equals(ByteBuffer.wrap(expected));
    }
}
