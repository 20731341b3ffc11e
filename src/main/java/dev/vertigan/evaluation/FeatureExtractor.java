package dev.vertigan.evaluation;

import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Sees images as features, in place of a network of our own.
public interface FeatureExtractor {

    /// Extents of an image: height, width and channels.
    int IMAGE = 3;

    /// Numbers that an image is seen as.
    int features();

    /// @param pixels `[n, height, width, channels]` in [0, 1]
    /// @return `[n][features]`
    List<double[]> see(float[] pixels);

    /// What it is.
    String describe();

    /// What the configuration names, if it names one.
    ///
    /// @throws UserError as the other does, or if samples are no images
    static Optional<FeatureExtractor> of(RunConfig.Evaluation config, int[] shape, int threads) {
        if (config.features().isEmpty()) {
            return Optional.empty();
        }
        if (shape.length != IMAGE) {
            throw new UserError("evaluation.features: expected none, as points are measured as they are, found " + config.features());
        }
        return Optional.of(open(Path.of(config.features()), shape, threads));
    }

    /// A user's own, of an ONNX file; onnxruntime is loaded only now.
    ///
    /// @param shape of the images, `[height, width, channels]`
    /// @param threads that compute; 0 = all cores
    /// @throws UserError if onnxruntime is missing, the file is no model, or it does not take such images
    static FeatureExtractor open(Path file, int[] shape, int threads) {
        try {
            return OnnxFeatures.open(file, shape, threads);
        } catch (NoClassDefFoundError e) {
            throw new UserError(String.format(Locale.ROOT, "evaluation.features: expected onnxruntime %s on the class path, found none. "
                    + "Build with `mvn -Ponnx package`, or put onnxruntime-%s.jar (com.microsoft.onnxruntime) into the program's lib folder",
                    OnnxFeatures.RUNTIME, OnnxFeatures.RUNTIME), e);
        } catch (LinkageError e) {
            throw new UserError("evaluation.features: expected an onnxruntime that loads on this machine, found one that does not: " + e, e);
        }
    }
}
