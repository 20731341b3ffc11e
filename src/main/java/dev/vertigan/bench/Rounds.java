package dev.vertigan.bench;

import dev.vertigan.game.PlainGame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is timed, turn about.
final class Rounds {

    private static final long REST_MILLIS = 300; // after work is done OpenMP's threads wait for more, spinning, for 200 ms

    private final Stopwatch.Gemm gemm;
    private final PlainGame plain;
    private final Optional<PlainGame> other;
    private final BusRun run;
    private final int turns; // in a block
    final Peers peers;
    final List<Double> gemmRates = new ArrayList<>();
    final List<Double> plainMillis = new ArrayList<>();
    final List<Double> turnMillis = new ArrayList<>();
    final List<Double> busShares = new ArrayList<>();
    final List<Double> otherRatios = new ArrayList<>();

    /// @param other whose turns are told as a ratio to the plain game's
    Rounds(Stopwatch.Gemm gemm, PlainGame plain, Optional<PlainGame> other, BusRun run, int turns, Peers peers) {
        this.gemm = gemm;
        this.plain = plain;
        this.other = other;
        this.run = run;
        this.turns = turns;
        this.peers = peers;
    }

    void play() {
        rest();
        gemmRates.add(gemm.rate());
        boolean plainFirst = plainMillis.size() % 2 == 0; // who comes second finds the caches and the clock as the first left them
        double alone = plainFirst ? alone() : 0;
        double millis = run.millisPerTurn(turns);
        alone = plainFirst ? alone : alone();
        plainMillis.add(alone);
        turnMillis.add(millis);
        busShares.add((millis - alone) / millis);
        peers.block(millis, Rounds::rest);
    }

    /// The plain game, and the other right behind it.
    private double alone() {
        double millis = millisPerTurn(plain);
        other.ifPresent(game -> otherRatios.add(millisPerTurn(game) / millis));
        return millis;
    }

    private double millisPerTurn(PlainGame game) {
        return Stopwatch.millis(() -> game.play(turns)) / turns;
    }

    private static void rest() {
        try {
            Thread.sleep(REST_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }
}
