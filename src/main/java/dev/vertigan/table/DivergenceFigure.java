package dev.vertigan.table;

import dev.vertigan.table.Divergences.Gaussian;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.DoubleUnaryOperator;

/// A mixture and Gaussians fitted to it, as an SVG picture: the mixture filled, the fits by a divergence as lines, those of games dashed.
public final class DivergenceFigure {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 360;
    private static final int MARGIN = 24;
    private static final int LINE = 20; // of the legend
    private static final double REACH = 2.6; // deviations of the whole mixture
    private static final List<String> COLOURS = List.of("#0969da", "#cf222e", "#1a7f37", "#8250df", "#bc4c00", "#57606a", "#bf3989");

    private final Divergences divergences;
    private final double least;
    private final double greatest;
    private final double highest;
    private final StringBuilder svg = new StringBuilder();

    /// @param fits by a divergence, by name
    /// @param games what generators came to, by name
    public static String svg(Divergences divergences, SequencedMap<String, Gaussian> fits, SequencedMap<String, Gaussian> games) {
        return new DivergenceFigure(divergences, fits, games).draw(fits, games);
    }

    private DivergenceFigure(Divergences divergences, Map<String, Gaussian> fits, Map<String, Gaussian> games) {
        this.divergences = divergences;
        var whole = divergences.maximumLikelihood();
        least = whole.mean() - REACH * whole.deviation();
        greatest = whole.mean() + REACH * whole.deviation();
        double top = 0;
        for (int i = 0; i <= WIDTH; i++) {
            double x = least + i * (greatest - least) / WIDTH;
            top = Math.max(top, Math.exp(divergences.logDensity(x)));
            for (var all : List.of(fits, games)) {
                top = Math.max(top, all.values().stream().mapToDouble(q -> Math.exp(q.logDensity(x))).max().orElse(0));
            }
        }
        highest = top;
    }

    private String draw(SequencedMap<String, Gaussian> fits, SequencedMap<String, Gaussian> games) {
        svg.append(String.format(Locale.ROOT, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" "
                + "font-size=\"13\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%n", WIDTH, HEIGHT));
        path(x -> Math.exp(divergences.logDensity(x)), "fill=\"#d0d7de\" stroke=\"none\"", true);
        legend("the data, p", "#d0d7de", 8, "", 0);
        int place = 0;
        for (var fit : fits.entrySet()) {
            place = curve(fit, place, "");
        }
        for (var game : games.entrySet()) {
            place = curve(game, place, "stroke-dasharray=\"6 4\"");
        }
        return svg.append("</svg>\n").toString();
    }

    private int curve(Map.Entry<String, Gaussian> fit, int place, String dashes) {
        String colour = COLOURS.get(place % COLOURS.size());
        path(x -> Math.exp(fit.getValue().logDensity(x)),
                String.format(Locale.ROOT, "fill=\"none\" stroke=\"%s\" stroke-width=\"2\" %s", colour, dashes),
                false);
        legend(fit.getKey(), colour, 2, dashes, place + 1);
        return place + 1;
    }

    private void path(DoubleUnaryOperator density, String style, boolean closed) {
        svg.append("<path d=\"M");
        for (int i = MARGIN; i <= WIDTH - MARGIN; i += 2) {
            double x = least + (i - MARGIN) * (greatest - least) / (WIDTH - 2 * MARGIN);
            svg.append(String.format(Locale.ROOT, "%d %.1f ", i, HEIGHT - MARGIN - density.applyAsDouble(x) / highest * (HEIGHT - 2 * MARGIN)));
        }
        svg.append(String.format(Locale.ROOT, "%s\" %s/>%n", closed ? "Z" : "", style));
    }

    private void legend(String name, String colour, int thick, String dashes, int line) {
        int y = MARGIN + line * LINE;
        svg.append(String.format(Locale.ROOT, "<path d=\"M%d %dh28\" stroke=\"%s\" stroke-width=\"%d\" %s/><text x=\"%d\" y=\"%d\">%s</text>%n",
                MARGIN, y,
                colour, thick, dashes, MARGIN + 36, y + 4, name.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
