package dev.vertigan.data;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;

/// What a sample looks like: all that drawing and exporting need of a data set, known without the data.
///
/// @param shape without the batch: `[height, width, channels]`, or `[d]` of points; not to be written to
/// @param black what a black pixel is, 0 or −1; white is 1
public record Form(Dataset.Kind kind, int[] shape, float black) {

    public static Form of(Dataset dataset) {
        return new Form(dataset.kind(), dataset.shape(), dataset.black());
    }

    /// Of the samples of a run with this configuration.
    public static Form of(RunConfig.Data config) {
        int[] shape = Datasets.shape(config);
        var kind = shape.length == 3 ? Dataset.Kind.IMAGE : Dataset.Kind.ofPoints(shape[0]);
        return new Form(kind, shape, kind == Dataset.Kind.IMAGE && config.scale() == Choice.Scale.SYMMETRIC ? -1 : 0);
    }

    public boolean image() {
        return kind == Dataset.Kind.IMAGE;
    }

    /// Values in one sample.
    public int features() {
        int features = 1;
        for (int extent : shape) {
            features *= extent;
        }
        return features;
    }

    /// Brings pixels in [black, 1] to [0, 1] in place; coordinates stay.
    public void toUnit(float[] samples) {
        if (black != 0) {
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (samples[i] - black) / (1 - black);
            }
        }
    }
}
