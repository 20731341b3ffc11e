package dev.vertigan.cli;

import dev.vertigan.bench.Measurement;
import dev.vertigan.bench.PeerMeasurement;
import dev.vertigan.bench.Spread;
import dev.vertigan.bench.Watched;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// A measurement as people read it: medians, and between brackets the tenth and ninetieth percentile.
final class BenchTable {

    private static final double SMALLEST_SHARE = 0.01; // of a turn that is told of

    private BenchTable() {}

    static List<String> lines(Measurement m) {
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add("%s, %s: %s".formatted(m.workload(), m.schedule(), m.description()));
        lines.add("  a turn over the bus   %s, %,.0f images/s".formatted(millis(m.turnMillis()), m.imagesPerSecond()));
        lines.add("  in a plain loop       %s; the bus is %.1f %% of a turn".formatted(millis(m.plainMillis()), 100 * m.busShare().median()));
        if (!Double.isNaN(m.alternatingRatio().median())) {
            lines.add("  alternating           %.2f (%.2f to %.2f) times as long a turn, in a plain loop".formatted(m.alternatingRatio().median(),
                    m.alternatingRatio().low(), m.alternatingRatio().high()));
        }
        m.peers().forEach(peer -> lines.add("  %-20s  %s".formatted(peer.name(), told(peer))));
        lines.add("  arithmetic            %.3f GFLOP a turn; at the %.0f GFLOP/s measured here that alone takes %.3f ms: %.0f %% of a turn"
                .formatted(m.gflopPerTurn(), m.gemmRate(), 1_000 * m.gflopPerTurn() / m.gemmRate(), 100 * m.limitShare()));
        m.kernelShares().entrySet().stream()
                .filter(share -> share.getValue() >= SMALLEST_SHARE)
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(share -> lines.add("    %-24s %5.1f %%".formatted(share.getKey(), 100 * share.getValue())));
        if (!Double.isNaN(m.firstTurnMillis().median())) {
            lines.add("  `train`               first turn %.2f s after its start (%.2f to %.2f); at most %.0f MiB resident".formatted(
                    m.firstTurnMillis().median() / 1_000, m.firstTurnMillis().low() / 1_000, m.firstTurnMillis().high() / 1_000,
                    m.peakMebibytes().median()));
        }
        lines.add("  " + m.kernels());
        return lines;
    }

    static List<String> lines(Watched m) {
        return List.of("", "%s, %s, watched by %d browsers and one that never reads".formatted(m.workload(), m.schedule(), m.browsers()),
                "  watched   %s".formatted(rate(m.watched())),
                "  alone     %s".formatted(rate(m.alone())),
                "  they cost %.1f %% of the turns (%.1f to %.1f)".formatted(100 * m.cost().median(), 100 * m.cost().low(), 100 * m.cost().high()));
    }

    private static String rate(Spread spread) {
        return "%.1f turns/s (%.1f to %.1f)".formatted(spread.median(), spread.low(), spread.high());
    }

    private static String millis(Spread spread) {
        return "%.3f ms (%.3f to %.3f)".formatted(spread.median(), spread.low(), spread.high());
    }

    private static String told(PeerMeasurement peer) {
        return switch (peer) {
            case PeerMeasurement.Played(_, var description, var turn, var ratio) -> "%s, %.2f (%.2f to %.2f) times ours; %s".formatted(millis(turn),
                    ratio.median(), ratio.low(), ratio.high(), description);
            case PeerMeasurement.Refused(_, var why) -> "cannot: " + why;
        };
    }
}
