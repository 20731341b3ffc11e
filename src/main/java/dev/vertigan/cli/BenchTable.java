package dev.vertigan.cli;

import dev.vertigan.bench.Measurement;
import dev.vertigan.bench.PeerMeasurement;
import dev.vertigan.bench.Spread;
import dev.vertigan.bench.Watched;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A measurement as people read it: medians, and between brackets the tenth and ninetieth percentile.
final class BenchTable {

    private static final double SMALLEST_SHARE = 0.01; // of a turn that is told of

    private BenchTable() {}

    static List<String> lines(Measurement m) {
        var lines = new ArrayList<String>();
        lines.add("");
        lines.add(String.format(Locale.ROOT, "%s, %s: %s", m.workload(), m.schedule(), m.description()));
        lines.add(String.format(Locale.ROOT, "  a turn over the bus   %s, %,.0f images/s", millis(m.turnMillis()), m.imagesPerSecond()));
        lines.add(String.format(Locale.ROOT, "  in a plain loop       %s; the bus is %.1f %% of a turn", millis(m.plainMillis()),
                100 * m.busShare().median()));
        if (!Double.isNaN(m.alternatingRatio().median())) {
            lines.add(String.format(Locale.ROOT, "  alternating           %.2f (%.2f to %.2f) times as long a turn, in a plain loop",
                    m.alternatingRatio().median(),
                    m.alternatingRatio().low(), m.alternatingRatio().high()));
        }
        m.peers().forEach(peer -> lines.add(String.format(Locale.ROOT, "  %-20s  %s", peer.name(), told(peer))));
        lines.add(String.format(Locale.ROOT,
                "  arithmetic            %.3f GFLOP a turn; at the %.0f GFLOP/s measured here that alone takes %.3f ms: %.0f %% of a turn",
                m.gflopPerTurn(), m.gemmRate(), 1_000 * m.gflopPerTurn() / m.gemmRate(), 100 * m.limitShare()));
        m.kernelShares().entrySet().stream()
                .filter(share -> share.getValue() >= SMALLEST_SHARE)
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .forEach(share -> lines.add(String.format(Locale.ROOT, "    %-24s %5.1f %%", share.getKey(), 100 * share.getValue())));
        if (!Double.isNaN(m.firstTurnMillis().median())) {
            lines.add(
                    String.format(Locale.ROOT, "  `train`               first turn %.2f s after its start (%.2f to %.2f); at most %.0f MiB resident",
                            m.firstTurnMillis().median() / 1_000, m.firstTurnMillis().low() / 1_000, m.firstTurnMillis().high() / 1_000,
                            m.peakMebibytes().median()));
        }
        lines.add("  " + m.kernels());
        return lines;
    }

    static List<String> lines(Watched m) {
        var lines = new ArrayList<>(List.of("",
                String.format(Locale.ROOT, "%s, %s, watched by %d browsers, and by %d more that never read", m.workload(), m.schedule(), m.browsers(),
                        m.deaf()),
                String.format(Locale.ROOT, "  watched   %s", rate(m.watched())),
                String.format(Locale.ROOT, "  alone     %s", rate(m.alone())),
                String.format(Locale.ROOT, "  they cost %.1f %% of the turns (%.1f to %.1f)", 100 * m.cost().median(), 100 * m.cost().low(),
                        100 * m.cost().high())));
        if (!Double.isNaN(m.serverWatched().median())) {
            lines.add(String.format(Locale.ROOT, "  the dashboard takes %.1f %% of the run's processor time (%.1f to %.1f), alone %.1f %%",
                    100 * m.serverWatched().median(), 100 * m.serverWatched().low(), 100 * m.serverWatched().high(),
                    100 * m.serverAlone().median()));
        }
        return lines;
    }

    private static String rate(Spread spread) {
        return String.format(Locale.ROOT, "%.1f turns/s (%.1f to %.1f)", spread.median(), spread.low(), spread.high());
    }

    private static String millis(Spread spread) {
        return String.format(Locale.ROOT, "%.3f ms (%.3f to %.3f)", spread.median(), spread.low(), spread.high());
    }

    private static String told(PeerMeasurement peer) {
        return switch (peer) {
            case PeerMeasurement.Played(_, var description, var turn, var ratio) ->
                String.format(Locale.ROOT, "%s, %.2f (%.2f to %.2f) times ours; %s", millis(turn),
                        ratio.median(), ratio.low(), ratio.high(), description);
            case PeerMeasurement.Refused(_, var why) -> "cannot: " + why;
        };
    }
}
