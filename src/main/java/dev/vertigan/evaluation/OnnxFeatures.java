package dev.vertigan.evaluation;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.vertigan.config.Sha256;
import dev.vertigan.config.UserError;
import dev.vertigan.data.CubicWindow;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// Features by a user's ONNX model: one input of float pixels in [0, 1], `[n, channels, height, width]` or `[n, height, width, channels]`, with 1
/// or 3 channels; its output `features`, or else its first, `[n, features]`, has them. Images are brought to the model's size as clean-fid demands
/// (Parmar et al. 2022: an antialiased cubic, in floating point, then clipped to [0, 1]); grey ones become three equal channels where it wants three.
/// Not thread-safe.
final class OnnxFeatures implements FeatureExtractor {

    /// The version that this is built with.
    static final String RUNTIME = "1.23.2";

    private static final Cleaner CLEANER = Cleaner.create();
    private static final String WANTED = "features";
    private static final int AT_ONCE = 32; // images, where the model does not fix it
    private static final int MOST_FEATURES = 1 << 14;
    private static final int SHOWN = 12; // digits of the hash

    private final String described;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final String input;
    private final String output;
    private final int[] shape; // of an image, [height, width, channels]
    private final Input wanted;
    private final int features;

    /// How the model takes images.
    ///
    /// @param count images at a time
    private record Input(int count, int channels, int height, int width, boolean channelsFirst) {

        int size() {
            return channels * height * width;
        }

        long[] extents() {
            return channelsFirst ? new long[] {count, channels, height, width} : new long[] {count, height, width, channels};
        }
    }

    private OnnxFeatures(Path file, OrtEnvironment environment, OrtSession session, int... shape) throws OrtException, IOException {
        this.environment = environment;
        this.session = session;
        this.shape = shape;
        if (session.getNumInputs() != 1) {
            throw refused(file, "expected a model with one input, found " + String.join(", ", session.getInputNames()));
        }
        input = session.getInputNames().iterator().next();
        wanted = wanted(file, session.getInputInfo().values().iterator().next(), shape);
        output = session.getOutputNames().contains(WANTED) ? WANTED : session.getOutputNames().iterator().next();
        features = outputs(file, run(new float[wanted.count * wanted.size()]));
        described = String.format(Locale.ROOT, "%d features of %s (sha256 %s)", features, file.getFileName(), hash(file));
    }

    /// @throws UserError if it is no model, or not one for such images
    static OnnxFeatures open(Path file, int[] shape, int threads) {
        if (!Files.isReadable(file)) {
            throw refused(file, "expected an ONNX file, found none that can be read");
        }
        try (var options = new OrtSession.SessionOptions()) {
            var environment = OrtEnvironment.getEnvironment();
            options.setIntraOpNumThreads(threads);
            var session = environment.createSession(file.toString(), options);
            try {
                var opened = new OnnxFeatures(file, environment, session, shape);
                CLEANER.register(opened, () -> close(session));
                return opened;
            } catch (OrtException | IOException | RuntimeException e) {
                close(session);
                throw e;
            }
        } catch (OrtException e) {
            throw new UserError(
                    String.format(Locale.ROOT, "evaluation.features: %s: expected an ONNX model that onnxruntime can run, found: %s", file,
                            e.getMessage()),
                    e);
        } catch (IOException e) {
            throw new UserError(String.format(Locale.ROOT, "evaluation.features: %s: expected a file that can be read, found: %s", file,
                    e.getMessage()), e);
        }
    }

    private static void close(OrtSession session) {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("a session that is closed once", e);
        }
    }

    private static UserError refused(Path file, String reason) {
        return new UserError(String.format(Locale.ROOT, "evaluation.features: %s: %s", file, reason));
    }

    private static Input wanted(Path file, NodeInfo node, int... shape) {
        String expected = String.format(Locale.ROOT, "expected an input of float [n, %s, height, width] or [n, height, width, %1$s], found ",
                shape[2] == 1 ? "1 or 3" : "3");
        if (!(node.getInfo() instanceof TensorInfo tensor) || tensor.type != OnnxJavaType.FLOAT || tensor.getShape().length != 4) {
            throw refused(file, expected + node.getInfo());
        }
        long[] extents = tensor.getShape(); // −1: any
        boolean first = fits(extents[1], shape);
        if (!first && !fits(extents[3], shape)) {
            throw refused(file, expected + written(extents));
        }
        long channels = extents[first ? 1 : 3];
        long height = extents[first ? 2 : 1];
        long width = extents[first ? 3 : 2];
        return new Input(extents[0] < 1 ? AT_ONCE : Math.toIntExact(extents[0]), Math.toIntExact(channels),
                height < 1 ? shape[0] : Math.toIntExact(height), width < 1 ? shape[1] : Math.toIntExact(width), first);
    }

    private static boolean fits(long channels, int... shape) {
        return channels == 3 || channels == shape[2];
    }

    private static String written(long... extents) {
        return LongStream.of(extents).mapToObj(extent -> extent < 1 ? "n" : String.valueOf(extent)).collect(Collectors.joining(", ", "[", "]"));
    }

    private int outputs(Path file, OnnxOutput found) {
        long size = LongStream.of(found.extents).skip(1).reduce(1, (a, b) -> a * b);
        boolean flat = LongStream.of(found.extents).filter(extent -> extent > 1).count() <= 2 && found.extents.length > 1
                && found.extents[0] == wanted.count && LongStream.of(found.extents).skip(1).allMatch(extent -> extent == 1 || extent == size);
        if (!flat || size > MOST_FEATURES) {
            throw refused(file, String.format(Locale.ROOT, "expected an output of float [n, features], at most %,d features, found %s of %d images",
                    MOST_FEATURES, written(found.extents), wanted.count));
        }
        return Math.toIntExact(size);
    }

    private static String hash(Path file) throws IOException {
        try (var stream = Files.newInputStream(file)) {
            var digest = Sha256.digest();
            byte[] part = new byte[1 << 16];
            for (int read = stream.read(part); read >= 0; read = stream.read(part)) {
                digest.update(part, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, SHOWN);
        }
    }

    /// What the model made of some images.
    private record OnnxOutput(float[] values, long... extents) {}

    private OnnxOutput run(float[] images) throws OrtException {
        try (var tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(images), wanted.extents());
                var results = session.run(Map.of(input, tensor), Set.of(output))) {
            if (!(results.get(0) instanceof OnnxTensor found) || found.getInfo().type != OnnxJavaType.FLOAT) {
                throw new OrtException("its output " + output + " is not of float");
            }
            var buffer = Objects.requireNonNull(found.getFloatBuffer());
            float[] values = new float[buffer.remaining()];
            buffer.get(values);
            return new OnnxOutput(values, found.getInfo().getShape());
        }
    }

    @Override
    public int features() {
        return features;
    }

    @Override
    public String describe() {
        return described;
    }

    @Override
    public List<double[]> see(float[] pixels) {
        int size = shape[0] * shape[1] * shape[2];
        int n = pixels.length / size;
        var rows = new ArrayList<double[]>(n);
        for (int from = 0; from < n; from += wanted.count) {
            int some = Math.min(wanted.count, n - from);
            float[] images = new float[wanted.count * wanted.size()];
            for (int i = 0; i < some; i++) {
                convert(pixels, (from + i) * size, images, i * wanted.size());
            }
            try {
                float[] values = run(images).values;
                for (int i = 0; i < some; i++) {
                    double[] row = new double[features];
                    int at = i * features;
                    Arrays.setAll(row, f -> values[at + f]);
                    rows.add(row);
                }
            } catch (OrtException e) {
                throw new UserError("evaluation.features: expected a model that takes images like those before, found: " + e.getMessage(), e);
            }
        }
        return rows;
    }

    private void convert(float[] pixels, int offset, float[] images, int at) {
        float[] resized = shape[0] == wanted.height && shape[1] == wanted.width
                ? Arrays.copyOfRange(pixels, offset, offset + shape[0] * shape[1] * shape[2])
                : CubicWindow.resize(pixels, offset, shape, wanted.height, wanted.width);
        int places = wanted.height * wanted.width;
        for (int place = 0; place < places; place++) {
            for (int channel = 0; channel < wanted.channels; channel++) {
                float value = Math.clamp(resized[place * shape[2] + channel % shape[2]], 0f, 1f);
                images[at + (wanted.channelsFirst ? channel * places + place : place * wanted.channels + channel)] = value;
            }
        }
    }
}
