package dev.vertigan.table;

import dev.vertigan.table.Divergences.Gaussian;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/// What divergences ask for and games come to, as an SVG picture with a panel a game: the mixture filled, the Gaussian of the divergence that theory
/// names for the game as a broad line, those of its generators dashed over it. Light or dark as its reader prefers.
public final class DivergenceFigure {

    private static final int WIDTH = 760;
    private static final int COLUMNS = 2;
    private static final int MARGIN = 24;
    private static final int LEGEND = 44; // above all panels
    private static final int TITLE = 30; // above each curve
    private static final int CURVE = 130;
    private static final int PANEL = TITLE + CURVE + 40;
    private static final int STEP = 2; // between points of a curve
    private static final double REACH = 2.6; // deviations of the whole mixture
    private static final int TICKS = 4; // at least, on an axis
    private static final String STYLE = """
            svg{--page:#fff;--ink:#1f2328;--soft:#59636e;--data:#d0d7de;--fit:#54aeff;--game:#cf222e}
            @media(prefers-color-scheme:dark){svg{--page:#0d1117;--ink:#e6edf3;--soft:#9198a1;--data:#3d444d;--fit:#1f6feb;--game:#ffa198}}
            text{fill:var(--ink);font:13px sans-serif}.name{font-weight:bold}.soft{fill:var(--soft)}.tick{fill:var(--soft);font-size:11px}
            .page{fill:var(--page)}.axis{stroke:var(--soft);fill:none}.data{fill:var(--data)}.fit{stroke:var(--fit);stroke-width:6;fill:none}
            .game{stroke:var(--game);stroke-width:2;stroke-dasharray:6 4;fill:none}
            """;

    private final Divergences divergences;
    private final List<Panel> panels;
    private final double least;
    private final double greatest;
    private final double highest;
    private final int width = (WIDTH - (COLUMNS + 1) * MARGIN) / COLUMNS; // of a panel
    private final StringBuilder svg = new StringBuilder();

    /// One game.
    ///
    /// @param fit the divergence that goes with it, if theory names one
    /// @param generators what its runs came to
    public record Panel(String game, Optional<Fit> fit, List<Gaussian> generators) {

        public Panel { generators = List.copyOf(generators); }
    }

    /// Where a divergence is least.
    public record Fit(String divergence, Gaussian q) {}

    /// @param panels in reading order, two a row
    public static String svg(Divergences divergences, List<Panel> panels) {
        return new DivergenceFigure(divergences, panels).draw();
    }

    private DivergenceFigure(Divergences divergences, List<Panel> panels) {
        this.divergences = divergences;
        this.panels = panels;
        var whole = divergences.maximumLikelihood();
        least = whole.mean() - REACH * whole.deviation();
        greatest = whole.mean() + REACH * whole.deviation();
        double top = 0;
        for (int i = 0; i <= width; i++) {
            double x = least + i * (greatest - least) / width;
            top = Math.max(top, Math.exp(divergences.logDensity(x)));
            for (var panel : panels) {
                top = Math.max(top, panel.fit.map(fit -> Math.exp(fit.q.logDensity(x))).orElse(0.0));
                top = Math.max(top, panel.generators.stream().mapToDouble(q -> Math.exp(q.logDensity(x))).max().orElse(0));
            }
        }
        highest = top;
    }

    private String draw() {
        int height = LEGEND + Math.ceilDiv(panels.size(), COLUMNS) * PANEL;
        add(String.format(Locale.ROOT, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %1$d %2$d\">%n<style>%n%3$s</style>%n"
                + "<rect class=\"page\" width=\"%1$d\" height=\"%2$d\"/>", WIDTH, height, STYLE));
        key(0, "<path class=\"data\" d=\"M0 -8h28v10h-28Z\"/>", "the data, p");
        key(130, "<path class=\"fit\" d=\"M0 -4h28\"/>", "the Gaussian of least divergence");
        key(400, "<path class=\"game\" d=\"M0 -4h28\"/>", "what the generator of each run came to");
        for (int i = 0; i < panels.size(); i++) {
            add(String.format(Locale.ROOT, "<g transform=\"translate(%d %d)\">", MARGIN + i % COLUMNS * (width + MARGIN),
                    LEGEND + i / COLUMNS * PANEL));
            panel(panels.get(i));
            add("</g>");
        }
        add("</svg>");
        return svg.toString();
    }

    private void key(int x, String mark, String meaning) {
        add(String.format(Locale.ROOT, "<g transform=\"translate(%d 26)\">%s<text x=\"36\">%s</text></g>", MARGIN + x, mark, meaning));
    }

    private void panel(Panel panel) {
        add(String.format(Locale.ROOT, "<text y=\"18\"><tspan class=\"name\">%s</tspan>%s</text>", escaped(panel.game),
                panel.fit.map(fit -> "<tspan class=\"soft\"> · " + escaped(fit.divergence) + "</tspan>").orElse("")));
        curve("data", x -> Math.exp(divergences.logDensity(x)), "Z");
        panel.fit.ifPresent(fit -> curve("fit", x -> Math.exp(fit.q.logDensity(x)), ""));
        panel.generators.forEach(q -> curve("game", x -> Math.exp(q.logDensity(x)), ""));
        int bottom = TITLE + CURVE;
        add(String.format(Locale.ROOT, "<path class=\"axis\" d=\"M0 %dh%d\"/>", bottom, width));
        double step = tickStep();
        for (long i = (long) Math.ceil(least / step); i * step <= greatest; i++) {
            String number = BigDecimal.valueOf(i * step).round(new MathContext(6)).stripTrailingZeros().toPlainString().replace('-', '−');
            add(String.format(Locale.ROOT,
                    "<path class=\"axis\" d=\"M%1$.1f %2$dv4\"/><text class=\"tick\" text-anchor=\"middle\" x=\"%1$.1f\" y=\"%3$d\">%4$s</text>",
                    (i * step - least) / (greatest - least) * width, bottom, bottom + 17, number));
        }
    }

    /// 1, 2 or 5 times a power of ten.
    private double tickStep() {
        double room = (greatest - least) / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(room)));
        return power * (room >= 5 * power ? 5 : room >= 2 * power ? 2 : 1);
    }

    private void curve(String kind, DoubleUnaryOperator density, String end) {
        svg.append("<path class=\"").append(kind).append("\" d=\"M");
        for (int i = 0; i <= width; i += STEP) {
            double x = least + i * (greatest - least) / width;
            svg.append(String.format(Locale.ROOT, "%d %.1f ", i, TITLE + CURVE * (1 - density.applyAsDouble(x) / highest)));
        }
        add(end + "\"/>");
    }

    private void add(String line) {
        svg.append(line).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
