package dev.vertigan.bench;

import dev.vertigan.game.PlainGame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/// What is timed, turn about.
final class Rounds {

    private static final long REST_MILLIS = 300; // after work is done OpenMP's threads wait for more, spinning, for 200 ms

    private static final int PLAIN = 0;
    private static final int BUS = 1;
    private static final int ALTERNATING = 2;

    private final Stopwatch.Gemm gemm;
    private final List<DoubleSupplier> games = new ArrayList<>(); // milliseconds a turn of a block
    final Peers peers;
    final List<Double> gemmRates = new ArrayList<>();
    final List<Double> plainMillis = new ArrayList<>();
    final List<Double> turnMillis = new ArrayList<>();
    final List<Double> busShares = new ArrayList<>();
    final List<Double> alternatingRatios = new ArrayList<>();

    /// @param turns in a block
    /// @param finish waits for what the plain games asked of a device: the run over the bus waits by its report
    /// @param alternating the same game, to compare a simultaneous one with
    Rounds(Stopwatch.Gemm gemm, PlainGame plain, Runnable finish, Optional<PlainGame> alternating, BusRun run, int turns, Peers peers) {
        this.gemm = gemm;
        this.peers = peers;
        games.add(() -> millisPerTurn(plain, finish, turns));
        games.add(() -> run.millisPerTurn(turns));
        alternating.ifPresent(game -> games.add(() -> millisPerTurn(game, finish, turns)));
    }

    void play() {
        rest();
        gemmRates.add(gemm.rate());
        boolean forward = plainMillis.size() % 2 == 0; // who comes later finds the caches and the clock as the others left them
        double[] millis = new double[games.size()];
        for (int i = 0; i < millis.length; i++) {
            int game = forward ? i : millis.length - 1 - i;
            millis[game] = games.get(game).getAsDouble();
        }
        plainMillis.add(millis[PLAIN]);
        turnMillis.add(millis[BUS]);
        busShares.add((millis[BUS] - millis[PLAIN]) / millis[BUS]);
        if (millis.length > ALTERNATING) {
            alternatingRatios.add(millis[ALTERNATING] / millis[PLAIN]);
        }
        peers.block(millis[BUS], Rounds::rest);
    }

    private static double millisPerTurn(PlainGame game, Runnable finish, int turns) {
        return Stopwatch.millis(() -> {
            game.play(turns);
            finish.run();
        }) / turns;
    }

    private static void rest() {
        try {
            Thread.sleep(REST_MILLIS);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }
}
