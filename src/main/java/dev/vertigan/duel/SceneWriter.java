package dev.vertigan.duel;

import dev.vertigan.values.Scene;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Writes the arrays of a [Scene].
public final class SceneWriter {

    private static final int ALIGNMENT = 4;

    private final List<String> arrays = new ArrayList<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /// @param shape as many numbers as `values` has
    public SceneWriter add(String name, float[] values, int... shape) {
        var buffer = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return add(name, shape, "f32", 1, buffer.array());
    }

    /// Rounded to 127 steps on either side of 0, for what is looked at rather than read.
    public SceneWriter addCoarse(String name, float[] values, int... shape) {
        float most = 0;
        for (float value : values) {
            most = Float.isFinite(value) ? Math.max(most, Math.abs(value)) : most;
        }
        float scale = most == 0 ? 1 : most / Byte.MAX_VALUE;
        byte[] rounded = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (byte) Math.round(values[i] / scale); // NaN gives 0
        }
        return add(name, shape, "i8", scale, rounded);
    }

    private SceneWriter add(String name, int[] shape, String type, float scale, byte[] values) {
        arrays.add(
                String.format(Locale.ROOT, "{\"name\":\"%s\",\"shape\":%s,\"type\":\"%s\",\"scale\":%s}", name, Arrays.toString(shape), type, scale));
        bytes.writeBytes(values);
        bytes.writeBytes(new byte[Math.floorMod(-values.length, ALIGNMENT)]);
        return this;
    }

    /// All of them.
    public Scene at(long step) {
        return new Scene(step, arrays.toString(), bytes.toByteArray());
    }
}
