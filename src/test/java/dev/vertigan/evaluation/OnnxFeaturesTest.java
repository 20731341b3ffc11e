package dev.vertigan.evaluation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.UserError;
import dev.vertigan.export.TinyModel;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A model whose features are the pixels that it is given says how images are converted.
class OnnxFeaturesTest {

    private static final int[] GREY = {4, 4, 1};

    @TempDir
    Path folder;

    private FeatureExtractor flatten(int[] shape, long... in) throws IOException {
        return FeatureExtractor.open(TinyModel.write(folder.resolve("flat.onnx"), "Flatten", "features", in), shape, 1);
    }

    private static float[] pixels(int count) {
        var random = new Random(count);
        float[] pixels = new float[count];
        for (int i = 0; i < count; i++) {
            pixels[i] = random.nextFloat();
        }
        return pixels;
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    @Test
    void greyBecomesThreeEqualChannels() throws IOException {
        var extractor = flatten(GREY, 0, 3, 4, 4);
        float[] image = pixels(16);
        assertEquals(48, extractor.features());
        double[] row = extractor.see(image).getFirst();
        for (int channel = 0; channel < 3; channel++) {
            assertArrayEquals(doubles(image), Arrays.copyOfRange(row, 16 * channel, 16 * channel + 16));
        }
    }

    @Test
    void coloursComeInTheModelsOrder() throws IOException {
        float[] image = pixels(48); // [place][channel]
        assertArrayEquals(doubles(image), flatten(new int[] {4, 4, 3}, 0, 4, 4, 3).see(image).getFirst());
        double[] planes = new double[48];
        for (int i = 0; i < 48; i++) {
            planes[i % 3 * 16 + i / 3] = image[i];
        }
        assertArrayEquals(planes, flatten(new int[] {4, 4, 3}, 0, 3, 0, 0).see(image).getFirst());
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "2"})
    void anyNumberOfImagesAreSeen(int atOnce) throws IOException {
        float[] images = pixels(16 * 67);
        var rows = flatten(GREY, atOnce, 1, 4, 4).see(images);
        assertEquals(67, rows.size());
        assertArrayEquals(doubles(images), rows.stream().flatMapToDouble(Arrays::stream).toArray());
    }

    @Test
    void whatIsBeyondBlackAndWhiteIsClipped() throws IOException {
        float[] image = new float[16];
        Arrays.fill(image, 0, 8, -0.5f);
        Arrays.fill(image, 8, 16, 1.5f);
        double[] clipped = new double[16];
        Arrays.fill(clipped, 8, 16, 1);
        assertArrayEquals(clipped, flatten(GREY, 0, 1, 4, 4).see(image).getFirst());
    }

    /// Stripes a pixel wide are even grey at a quarter of the size: a pixel picked here and there would be black or white.
    @Test
    void shrinkingLooksAtEveryPixel() throws IOException {
        float[] stripes = new float[32 * 32];
        float[] even = new float[32 * 32];
        float[] slope = new float[32 * 32];
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = i % 2;
            even[i] = 0.3f;
            slope[i] = i % 32 / 31f;
        }
        var extractor = flatten(new int[] {32, 32, 1}, 0, 1, 8, 8);
        double[] row = extractor.see(stripes).getFirst();
        for (int i = 0; i < row.length; i++) {
            if (i % 8 > 1 && i % 8 < 6) {
                assertEquals(0.5, row[i], 0.01);
            }
        }
        assertTrue(Arrays.stream(extractor.see(even).getFirst()).allMatch(value -> Math.abs(value - 0.3) < 1e-6));
        double[] across = extractor.see(slope).getFirst();
        for (int x = 2; x < 6; x++) {
            assertEquals((4 * x + 1.5) / 31, across[x], 1e-6, "the middle of four pixels");
        }
    }

    @Test
    void enlargingKeepsSlopes() throws IOException {
        float[] slope = new float[64];
        for (int i = 0; i < slope.length; i++) {
            slope[i] = i % 8 / 7f;
        }
        double[] row = flatten(new int[] {8, 8, 1}, 0, 1, 16, 16).see(slope).getFirst();
        for (int x = 4; x < 12; x++) {
            assertEquals(((x + 0.5) / 2 - 0.5) / 7, row[x], 1e-6);
        }
    }

    @Test
    void itSaysWhatItIs() throws Exception {
        var extractor = flatten(GREY, 0, 1, 4, 4);
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(folder.resolve("flat.onnx")));
        assertEquals("16 features of flat.onnx (sha256 " + HexFormat.of().formatHex(hash).substring(0, 12) + ")", extractor.describe());
    }

    private static String refusal(Path file, int... shape) {
        return assertThrows(UserError.class, () -> FeatureExtractor.open(file, shape, 1)).getMessage();
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        var file = folder.resolve("model.onnx");
        TinyModel.write(file, "Flatten", "y", 0, 1, 4, 4);
        assertContains("expected an input of float [n, 3, height, width] or [n, height, width, 3], found [n, 1, 4, 4]", refusal(file, 4, 4, 3));
        TinyModel.write(file, "Flatten", "y", 0, 16);
        assertContains("expected an input of float [n, 1 or 3, height, width]", refusal(file, GREY));
        TinyModel.write(file, "Relu", "y", 0, 3, 4, 4);
        assertContains("expected an output of float [n, features], at most 16,384 features, found [32, 3, 4, 4] of 32 images", refusal(file, GREY));
        TinyModel.write(file, "Flatten", "y", 0, 3, 100, 100);
        assertContains("found [32, 30000]", refusal(file, GREY));
        Files.writeString(file, "no model");
        assertContains("expected an ONNX model that onnxruntime can run, found", refusal(file, GREY));
        assertContains("expected an ONNX file, found none that can be read", refusal(folder.resolve("none.onnx"), GREY));
    }

    private static void assertContains(String part, String whole) {
        assertTrue(whole.contains(part), whole);
    }

    /// Onnxruntime is large and few need it, so it may be missing.
    @Test
    void withoutOnnxruntimeItSaysWhatToAdd() throws Exception {
        var file = TinyModel.write(folder.resolve("flat.onnx"), "Flatten", "features", 0, 1, 4, 4);
        try (var without = new URLClassLoader(classPathWithout("onnxruntime"), ClassLoader.getPlatformClassLoader())) {
            var open = without.loadClass(FeatureExtractor.class.getName()).getMethod("open", Path.class, int[].class, int.class);
            var thrown = assertThrows(InvocationTargetException.class, () -> open.invoke(null, file, GREY, 1)).getCause();
            assertEquals(UserError.class.getName(), thrown.getClass().getName());
            assertContains("evaluation.features: expected onnxruntime " + OnnxFeatures.RUNTIME + " on the class path, found none",
                    thrown.getMessage());
        }
        assertInstanceOf(OnnxFeatures.class, FeatureExtractor.open(file, GREY, 1));
    }

    private static URL[] classPathWithout(String name) throws MalformedURLException {
        var parts = Arrays.stream(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
                .filter(part -> !part.contains(name)).map(Path::of).toList();
        var urls = new URL[parts.size()];
        for (int i = 0; i < urls.length; i++) {
            urls[i] = parts.get(i).toUri().toURL();
        }
        return urls;
    }

    /// What the message asks for is what the build has.
    @Test
    void theVersionIsThatOfTheBuild() throws IOException {
        assertContains("<onnxruntime.version>" + OnnxFeatures.RUNTIME + "</onnxruntime.version>", Files.readString(Path.of("pom.xml")));
    }
}
