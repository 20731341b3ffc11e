package dev.vertigan.cli;

import dev.vertigan.data.Mixture;
import dev.vertigan.picture.Pictures;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// Samples of points on paper: in the plane, by their first two coordinates if there are more, or a histogram on the line; of a mixture, over the
/// components they should have come from.
final class PointPlot {

    private static final int SIZE = 640; // pixels
    private static final int BINS = 128;
    private static final double DEVIATIONS = 3; // what counts as being of a component
    private static final Color SAMPLE = new Color(0x80_1F6FEB, true);
    private static final Color COMPONENT = new Color(0xB0B0B0);

    private final Graphics2D g;
    private final Optional<Mixture.Modes> modes;
    private final double reach; // half the width shown, in the data's units

    private PointPlot(Graphics2D g, Optional<Mixture.Modes> modes, float[] samples) {
        this.g = g;
        this.modes = modes;
        reach = 1.25 * modes.map(mixture -> farthest(Arrays.stream(mixture.centres()).flatMapToDouble(Arrays::stream))
                + DEVIATIONS * mixture.deviation()).orElseGet(() -> farthest(IntStream.range(0, samples.length).mapToDouble(i -> samples[i])));
    }

    private static double farthest(DoubleStream coordinates) {
        return coordinates.map(Math::abs).filter(Double::isFinite).max().orElse(1);
    }

    /// @param mixture they should have come from, if it is one
    /// @param samples `[count, dimensions]`
    /// @return a PNG file
    static byte[] png(Optional<Mixture> mixture, int dimensions, float[] samples) {
        var image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
        var g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, SIZE, SIZE);
        var plot = new PointPlot(g, mixture.map(Mixture::modes), samples);
        if (dimensions == 1) {
            plot.histogram(samples);
        } else {
            plot.scatter(dimensions, samples);
        }
        g.dispose();
        return Pictures.png(image);
    }

    private double pixel(double coordinate) {
        return (coordinate / reach + 1) / 2 * SIZE;
    }

    private void scatter(int dimensions, float[] samples) {
        modes.ifPresent(this::circles);
        g.setColor(SAMPLE);
        for (int i = 0; i < samples.length; i += dimensions) {
            g.fill(new Ellipse2D.Double(pixel(samples[i]) - 1.5, pixel(-samples[i + 1]) - 1.5, 3, 3));
        }
    }

    private void circles(Mixture.Modes mixture) {
        double radius = DEVIATIONS * mixture.deviation() / reach / 2 * SIZE;
        g.setColor(COMPONENT);
        for (double[] centre : mixture.centres()) {
            g.draw(new Ellipse2D.Double(pixel(centre[0]) - radius, pixel(-centre[1]) - radius, 2 * radius, 2 * radius));
        }
    }

    /// Densities, one scale for samples and mixture.
    private void histogram(float[] samples) {
        int[] counts = new int[BINS];
        for (float sample : samples) {
            int bin = (int) Math.floor(pixel(sample) / SIZE * BINS);
            if (bin >= 0 && bin < BINS) {
                counts[bin]++;
            }
        }
        double width = 2 * reach / BINS; // of a bin, in the data's units
        double highest = Math.max(Arrays.stream(counts).max().orElse(0) / (samples.length * width), modes.map(PointPlot::highestDensity).orElse(0.0));
        g.setColor(SAMPLE);
        for (int bin = 0; bin < BINS; bin++) {
            double height = counts[bin] / (samples.length * width) / highest * SIZE * 0.9;
            g.fill(new Rectangle2D.Double((double) bin * SIZE / BINS, SIZE - height, (double) SIZE / BINS, height));
        }
        modes.ifPresent(mixture -> curve(mixture, highest));
    }

    private void curve(Mixture.Modes mixture, double highest) {
        g.setColor(COMPONENT);
        for (int x = 1; x < SIZE; x++) {
            g.draw(new Line2D.Double(x - 1.0, SIZE - height(mixture, x - 1, highest), x, SIZE - height(mixture, x, highest)));
        }
    }

    private double height(Mixture.Modes mixture, int x, double highest) {
        return density(mixture, (2.0 * x / SIZE - 1) * reach) / highest * SIZE * 0.9;
    }

    private static double highestDensity(Mixture.Modes mixture) {
        return Arrays.stream(mixture.centres()).mapToDouble(centre -> density(mixture, centre[0])).max().orElse(0);
    }

    /// Of the mixture on the line.
    private static double density(Mixture.Modes mixture, double x) {
        double deviation = mixture.deviation();
        return Arrays.stream(mixture.centres()).mapToDouble(centre -> Math.exp(-Math.pow((x - centre[0]) / deviation, 2) / 2)).sum()
                / (mixture.centres().length * deviation * Math.sqrt(2 * Math.PI));
    }
}
