package dev.vertigan.bench;

import dev.vertigan.game.PlainGame;
import java.util.ArrayList;
import java.util.List;

/// What is timed, turn about.
final class Rounds {

    private static final long REST_MILLIS = 300; // after work is done OpenMP's threads wait for more, spinning, for 200 ms

    private final Stopwatch.Gemm gemm;
    private final PlainGame plain;
    private final BusRun run;
    private final int turns; // in a block
    final Peers peers;
    final List<Double> gemmRates = new ArrayList<>();
    final List<Double> plainMillis = new ArrayList<>();
    final List<Double> turnMillis = new ArrayList<>();
    final List<Double> busShares = new ArrayList<>();

    Rounds(Stopwatch.Gemm gemm, PlainGame plain, BusRun run, int turns, Peers peers) {
        this.gemm = gemm;
        this.plain = plain;
        this.run = run;
        this.turns = turns;
        this.peers = peers;
    }

    void play() {
        rest();
        gemmRates.add(gemm.rate());
        boolean plainFirst = plainMillis.size() % 2 == 0; // who comes second finds the caches and the clock as the first left them
        double alone = plainFirst ? plainMillis() : 0;
        double millis = run.millisPerTurn(turns);
        alone = plainFirst ? alone : plainMillis();
        plainMillis.add(alone);
        turnMillis.add(millis);
        busShares.add((millis - alone) / millis);
        peers.block(millis, Rounds::rest);
    }

    private double plainMillis() {
        return Stopwatch.millis(() -> plain.play(turns)) / turns;
    }

    private static void rest() {
        try {
            Thread.sleep(REST_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }
}
