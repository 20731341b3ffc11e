package dev.vertigan.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A number that changes as the run sees images: written as a number, or as in `0.002, constant until 768k, exponential to 1e-5 at 3.84M`.
///
/// It is a function of the images seen since the beginning of the run and of nothing else: nothing to save, nothing to forget. A run has
/// seen `batch` images a turn, whatever D's steps a turn.
///
/// @param start its value at image 0
/// @param pieces one after another; after the last it stays as it is
public record Schedule(double start, List<Piece> pieces) {

    private static final Pattern PIECE = Pattern.compile("(?:(?<hold>constant) until|(?<shape>linear|cosine|exponential) to (?<value>\\S+) at)"
            + " (?<images>[0-9][0-9.eE+]*)(?<unit>[kM]?)");

    private static final String EXAMPLE = "0.002, constant until 500k, exponential to 1e-5 at 2M";

    /// How a piece goes from one value to the next.
    public enum Shape {

        CONSTANT, LINEAR,

        /// Half a cosine: level at both ends.
        COSINE,

        /// By the same factor every image.
        EXPONENTIAL;

        /// @param progress from 0 to 1
        private double between(double from, double to, double progress) {
            return switch (this) {
                case CONSTANT -> from;
                case LINEAR -> from + (to - from) * progress;
                case COSINE -> from + (to - from) * (1 - Math.cos(Math.PI * progress)) / 2;
                case EXPONENTIAL -> from * Math.pow(to / from, progress);
            };
        }

        private String written() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param to the value at its end
    /// @param at images seen at its end
    public record Piece(Shape shape, double to, long at) {}

    public Schedule {
        pieces = List.copyOf(pieces);
        long last = 0;
        double value = start;
        for (var piece : pieces) {
            if (piece.at <= last) {
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "expected pieces that end one after another, found ends at %s after %s", images(piece.at),
                                images(last)));
            }
            if (piece.shape == Shape.EXPONENTIAL && !(value > 0 && piece.to > 0)) {
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "expected positive ends of an exponential piece, found %s and %s", value, piece.to));
            }
            last = piece.at;
            value = piece.to;
        }
    }

    /// The same number at all times.
    public static Schedule constant(double value) {
        return new Schedule(value, List.of());
    }

    @JsonCreator
    static Schedule of(Object written) {
        return written instanceof Number number ? constant(number.doubleValue()) : parse(written.toString());
    }

    /// Reads what [#written] writes.
    ///
    /// @throws IllegalArgumentException with what was expected and found
    public static Schedule parse(String text) {
        var parts = text.strip().split("\\s*,\\s*", -1);
        double value = number(parts[0], text);
        double start = value;
        var pieces = new ArrayList<Piece>();
        for (var part : List.of(parts).subList(1, parts.length)) {
            var piece = PIECE.matcher(part.replaceAll("\\s+", " "));
            if (!piece.matches()) {
                throw new IllegalArgumentException(String.format(Locale.ROOT, "expected \"constant until IMAGES\", or \"linear\", \"cosine\" or "
                        + "\"exponential\" and \"to VALUE at IMAGES\", found \"%s\"", part));
            }
            boolean held = piece.group("hold") != null;
            value = held ? value : number(piece.group("value"), text);
            pieces.add(new Piece(held ? Shape.CONSTANT : Shape.valueOf(piece.group("shape").toUpperCase(Locale.ROOT)), value,
                    images(piece.group("images"), piece.group("unit"))));
        }
        return new Schedule(start, pieces);
    }

    private static double number(String text, String all) {
        try {
            double number = scaled(text.replaceFirst("[kM]$", ""), text.endsWith("k") ? "k" : text.endsWith("M") ? "M" : "").doubleValue();
            if (Double.isFinite(number)) {
                return number;
            }
        } catch (NumberFormatException ignored) { // not one
        }
        throw new IllegalArgumentException(String.format(Locale.ROOT, "expected a number, or a schedule as in \"%s\", found \"%s\"%s", EXAMPLE, text,
                text.equals(all.strip()) ? "" : " in \"" + all + "\""));
    }

    private static long images(String count, String unit) {
        try {
            return scaled(count, unit).setScale(0, RoundingMode.HALF_EVEN).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(String.format(Locale.ROOT, "expected a count of images as in 768k or 3.84M, found \"%s%s\"", count,
                    unit), e);
        }
    }

    private static BigDecimal scaled(String number, String unit) {
        return new BigDecimal(number).movePointRight(unit.isEmpty() ? 0 : "k".equals(unit) ? 3 : 6);
    }

    /// Its value when that many images have been seen.
    public double at(long images) {
        double value = start;
        long from = 0;
        for (var piece : pieces) {
            if (images < piece.at) {
                return piece.shape.between(value, piece.to, (double) (images - from) / (piece.at - from));
            }
            value = piece.to;
            from = piece.at;
        }
        return value;
    }

    /// Its value in turn `step`, from 1, of a run that has seen `batch` images in each turn before.
    public double at(long step, int batch) {
        return at((step - 1) * batch);
    }

    /// Whether it ever is above 0.
    public boolean some() {
        return values().anyMatch(value -> value > 0);
    }

    /// Its values at the ends of its pieces; the others are between them.
    Stream<Double> values() {
        return Stream.concat(Stream.of(start), pieces.stream().map(Piece::to));
    }

    /// Whether it is the same number at all times.
    public boolean isConstant() {
        return pieces.isEmpty();
    }

    /// As files have it: a number if it is constant.
    @JsonValue
    Object written() {
        return isConstant() ? (Object) start : toString();
    }

    @Override
    public String toString() {
        return start + pieces.stream().map(piece -> (piece.shape == Shape.CONSTANT ? ", constant until "
                : String.format(Locale.ROOT, ", %s to %s at ", piece.shape.written(), piece.to)) + images(piece.at)).collect(Collectors.joining());
    }

    private static String images(long count) {
        boolean millions = count >= 1_000_000 && count % 10_000 == 0;
        boolean thousands = count >= 1_000 && count % 10 == 0;
        String unit = millions ? "M" : thousands ? "k" : "";
        return BigDecimal.valueOf(count, millions ? 6 : thousands ? 3 : 0).stripTrailingZeros().toPlainString() + unit;
    }
}
