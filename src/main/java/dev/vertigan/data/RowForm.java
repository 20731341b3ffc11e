package dev.vertigan.data;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vertigan.config.Json;
import dev.vertigan.config.UserError;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// What a row of a stream is, and how it is read from what someone sends: an image as bytes `[extent, extent, channels]`, or as many numbers as
/// there are columns, as they are, in float32.
///
/// @param columns names; none if the rows are images
/// @param extent pixels a side of an image
/// @param channels 3 or 1
public record RowForm(List<String> columns, int extent, int channels) {

    private static final float WHITE = 255;

    /// What names or content types may end with, for messages.
    public static final String KNOWN = "csv, json, npy, png, jpg, jpeg, webp or bmp";

    public RowForm {
        columns = List.copyOf(columns);
    }

    public boolean image() {
        return columns.isEmpty();
    }

    int[] shape() {
        return image() ? new int[] {extent, extent, channels} : new int[] {columns.size()};
    }

    /// Bytes of one.
    public int width() {
        return image() ? extent * extent * channels : columns.size() * Float.BYTES;
    }

    void decode(byte[] row, float[] target, int offset) {
        if (image()) {
            Pixels.toUnit(row, 0, target, offset, row.length);
        } else {
            ByteBuffer.wrap(row).asFloatBuffer().get(target, offset, columns.size());
        }
    }

    private byte[] encode(double... numbers) {
        var row = ByteBuffer.allocate(width());
        for (double number : numbers) {
            row.putFloat((float) number);
        }
        return row.array();
    }

    /// The rows of a file, in order.
    ///
    /// @param name its name, whose ending says what it is
    /// @throws UserError if it holds others, or none, and says which
    public List<byte[]> read(String name, byte[] content) {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        var rows = switch (ending) {
            case "csv" -> points(name, () -> TablePoints.rows(name, new StringReader(new String(content, StandardCharsets.UTF_8)), columns));
            case "json" -> points(name, () -> json(name, content));
            case "npy" -> array(name, content);
            case "png", "jpg", "jpeg", "webp", "bmp" -> List.of(picture(name, content));
            default -> throw new UserError(String.format(Locale.ROOT, "%s: expected rows as %s, found something else", name, KNOWN));
        };
        if (rows.isEmpty()) {
            throw new UserError(name + ": expected rows, found none");
        }
        return rows;
    }

    private interface Numbers {

        List<double[]> read();
    }

    private List<byte[]> points(String name, Numbers numbers) {
        if (image()) {
            throw new UserError(name + ": expected images, as png, jpg, jpeg, webp, bmp or npy, found a table");
        }
        return numbers.read().stream().map(this::encode).toList();
    }

    private byte[] picture(String name, byte[] content) {
        if (!image()) {
            throw new UserError(name + ": expected rows of " + columns.size() + " numbers, as csv, json or npy, found an image");
        }
        try {
            return new ImageDecoder(extent, channels).decode(content);
        } catch (IOException | RuntimeException e) { // ImageIO's readers throw either at damaged files
            throw new UserError(name + ": expected an image, found that it cannot be decoded: " + (e.getMessage() == null ? e : e.getMessage()), e);
        }
    }

    /// `{"rows": [[1.5, 2], …]}`.
    private List<double[]> json(String name, byte[] content) {
        var tree = Json.read(new String(content, StandardCharsets.UTF_8), name);
        if (!tree.path("rows").isArray() || tree.size() != 1) {
            throw new UserError(name + ": expected {\"rows\": [[1.5, 2.0], …]} and nothing else, found something else");
        }
        var rows = new ArrayList<double[]>();
        for (var row : tree.get("rows")) {
            rows.add(numbers(name + ", row " + rows.size(), row));
        }
        return rows;
    }

    private double[] numbers(String where, JsonNode row) {
        double[] numbers = new double[columns.size()];
        boolean fits = row.isArray() && row.size() == numbers.length;
        for (int i = 0; fits && i < numbers.length; i++) {
            numbers[i] = row.get(i).isNumber() ? row.get(i).asDouble() : Double.NaN;
            fits = Float.isFinite((float) numbers[i]);
        }
        if (!fits) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected %d finite numbers, %s, found %s", where, columns.size(), columns,
                    row.isArray() && row.size() != numbers.length ? row.size() + " values" : "something else"));
        }
        return numbers;
    }

    private List<byte[]> array(String name, byte[] content) {
        try {
            Path file = Files.createTempFile("vertigan", ".npy");
            try {
                Files.write(file, content);
                try (var array = NpyFile.open(file, StandardOpenOption.READ)) {
                    return image() ? images(name, array) : points(name, array);
                }
            } catch (UserError e) {
                throw new UserError(String.valueOf(e.getMessage()).replace(file.toString(), name), e);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UserError(name + ": expected room for a temporary file, found: " + e.getMessage(), e);
        }
    }

    private List<byte[]> images(String name, NpyFile array) {
        var images = new ArrayImages(name, array, ArrayLabels.NONE, extent, channels);
        var rows = new ArrayList<byte[]>();
        float[] pixels = new float[width()];
        for (long index = 0; index < images.size(); index++) {
            images.read(index, pixels, 0);
            byte[] row = new byte[pixels.length];
            for (int i = 0; i < row.length; i++) {
                row[i] = (byte) Math.round(pixels[i] * WHITE);
            }
            rows.add(row);
        }
        return rows;
    }

    private List<byte[]> points(String name, NpyFile array) {
        long[] shape = array.shape();
        if (shape.length != 2 || shape[1] != columns.size()) {
            throw new UserError(
                    String.format(Locale.ROOT, "%s: expected an array [n, %d], of the columns %s, found %s", name, columns.size(), columns,
                            Arrays.toString(shape)));
        }
        var rows = new ArrayList<byte[]>();
        for (long index = 0; index < shape[0]; index++) {
            float[] values = array.rows(index, 1);
            double[] row = new double[values.length];
            for (int i = 0; i < row.length; i++) {
                row[i] = values[i];
                if (!Double.isFinite(row[i])) {
                    throw new UserError(String.format(Locale.ROOT, "%s, row %d: expected finite numbers, found %s", name, index, row[i]));
                }
            }
            rows.add(encode(row));
        }
        return rows;
    }
}
