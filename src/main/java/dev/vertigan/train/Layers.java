package dev.vertigan.train;

import dev.vertigan.bus.StateRequest.Look;
import dev.vertigan.duel.SceneWriter;
import dev.vertigan.game.LayerFigures;
import dev.vertigan.game.LayerFigures.Rows;
import java.util.Optional;
import java.util.function.Supplier;

/// A player's layers, as arrays for a page.
final class Layers {

    private Layers() {}

    /// @param player its name, with which those of the arrays begin
    /// @param before nanoseconds that this look took before the turn
    static Look look(String player, Supplier<Optional<LayerFigures>> figures, long before) {
        long start = System.nanoTime();
        var scene = figures.get().map(layers -> {
            var writer = new SceneWriter().add(player + ".ratios", layers.ratios(), layers.ratios().length);
            write(writer, player + ".weights", layers.weights());
            write(writer, player + ".gradients", layers.gradients());
            write(writer, player + ".activations", layers.activations());
            return writer.at(0);
        });
        return new Look(scene, before + System.nanoTime() - start);
    }

    private static void write(SceneWriter writer, String name, Rows rows) {
        int count = rows.figures().length / Rows.FIGURES;
        writer.add(name, rows.figures(), count, Rows.FIGURES).addCoarse(name + ".histograms", rows.histograms(), count, Rows.BINS);
    }
}
