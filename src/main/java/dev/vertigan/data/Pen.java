package dev.vertigan.data;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;

/// A round pen of varying pressure on a small black page, anti-aliased by Java2D. Not thread-safe: one a thread.
///
/// What it draws is one path of convex pieces, all turning the same way, filled by the non-zero rule: their exact union,
/// however tightly a stroke bends or crosses itself.
final class Pen {

    static final int SIZE = 28;

    private static final int CAP = 4; // corners of a line's round end, from −90° to 90°
    private static final double[] ALONG = new double[CAP];
    private static final double[] ACROSS = new double[CAP];

    static {
        for (int corner = 0; corner < CAP; corner++) {
            double angle = Math.PI * (corner / (CAP - 1.0) - 0.5);
            ALONG[corner] = StrictMath.cos(angle);
            ACROSS[corner] = StrictMath.sin(angle);
        }
    }

    private final BufferedImage page = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_BYTE_GRAY);
    private final byte[] pixels = ((DataBufferByte) page.getRaster().getDataBuffer()).getData();
    private final Graphics2D graphics = page.createGraphics();
    private final Path2D.Double path = new Path2D.Double(Path2D.WIND_NON_ZERO, 1024);

    Pen() {
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    }

    /// Adds a line between two points, in pixels, with the pen's radius at either end: square at the first, round at the second.
    void line(double x0, double y0, double radius0, double x1, double y1, double radius1) {
        double dx = x1 - x0;
        double dy = y1 - y0;
        double length = StrictMath.sqrt(dx * dx + dy * dy);
        if (length < 1e-6) {
            return;
        }
        double cos = dx / length;
        double sin = dy / length;
        path.moveTo(x0 - radius0 * sin, y0 + radius0 * cos);
        path.lineTo(x0 + radius0 * sin, y0 - radius0 * cos);
        for (int corner = 0; corner < CAP; corner++) {
            path.lineTo(x1 + radius1 * (ALONG[corner] * cos - ACROSS[corner] * sin), y1 + radius1 * (ALONG[corner] * sin + ACROSS[corner] * cos));
        }
        path.closePath();
    }

    /// Inks all lines since the last time and returns the page, `[SIZE · SIZE]`, 0 = black to 255 = white.
    byte[] ink() {
        graphics.setColor(Color.BLACK);
        graphics.fillRect(0, 0, SIZE, SIZE);
        graphics.setColor(Color.WHITE);
        graphics.fill(path);
        path.reset();
        return pixels.clone();
    }
}
