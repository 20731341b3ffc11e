package dev.vertigan.bench;

import dev.vertigan.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Peers at one game, block by block between ours.
final class Peers implements AutoCloseable {

    private static final double WARM_UP_MILLIS = 2_000;

    private final List<PeerProcess> processes = new ArrayList<>();
    private final List<Player> players = new ArrayList<>();
    private final List<PeerMeasurement> refusals = new ArrayList<>();

    private static final class Player {

        private final Peer peer;
        private final String description;
        private final PeerProcess process;
        private final List<Double> turnMillis = new ArrayList<>();
        private final List<Double> ratios = new ArrayList<>();
        private int turns = 1; // in a block

        Player(Peer peer, String description, PeerProcess process) {
            this.peer = peer;
            this.description = description;
            this.process = process;
        }

        void warmUp(double blockMillis) {
            for (double spent = 0; spent < WARM_UP_MILLIS;) {
                double millis = process.play(turns);
                spent += millis;
                turns = (int) Math.max(1, blockMillis * turns / millis);
            }
        }

        void block(double ours) {
            double millis = process.play(turns) / turns;
            turnMillis.add(millis);
            ratios.add(millis / ours);
        }

        PeerMeasurement measurement() {
            return new PeerMeasurement.Played(peer.name(), description, Spread.of(turnMillis), Spread.of(ratios));
        }
    }

    /// Starts them, one after the other, and has them play until they are warm.
    ///
    /// @param jars the folder that `mvn -Ppeers package` makes
    /// @param logs where what they say goes
    Peers(List<Peer> peers, Path jars, PeerGame game, double blockMillis, Path logs) {
        if (!peers.isEmpty()) {
            requireJars(jars);
        }
        try {
            peers.forEach(peer -> open(peer, jars, game, logs));
            players.forEach(player -> player.warmUp(blockMillis));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static void requireJars(Path jars) {
        try (var files = Files.isDirectory(jars) ? Files.list(jars) : Stream.<Path>empty()) {
            if (files.noneMatch(file -> file.toString().endsWith(".jar"))) {
                throw new UserError(String.format(Locale.ROOT,
                        "--peers: expected the peers' jars in %s, found none; build them with: mvn -Ppeers -DskipTests package", jars));
            }
        } catch (IOException e) {
            throw new UserError(String.format(Locale.ROOT, "--peers: %s cannot be read (%s)", jars, e), e);
        }
    }

    private void open(Peer peer, Path jars, PeerGame game, Path logs) {
        var log = logs.resolve(String.format(Locale.ROOT, "peer-%d.log", processes.size()));
        var process = PeerProcess.start(peer.name(), jars.resolve("*").toString(), peer.command(), log);
        processes.add(process);
        switch (process.open(game)) {
            case PeerProcess.Answer.Ready(var description) -> players.add(new Player(peer, description, process));
            case PeerProcess.Answer.Cannot(var why) -> {
                refusals.add(new PeerMeasurement.Refused(peer.name(), why));
                process.close();
            }
            case PeerProcess.Answer.Millis _ -> throw new IllegalStateException(peer.name() + " tells the time of a game it has not begun");
        }
    }

    /// One block of each that plays.
    ///
    /// @param ours milliseconds a turn of the block of ours before
    /// @param rest what happens before each
    void block(double ours, Runnable rest) {
        for (var player : players) {
            rest.run();
            player.block(ours);
        }
    }

    List<PeerMeasurement> measurements() {
        return Stream.concat(players.stream().map(Player::measurement), refusals.stream()).toList();
    }

    @Override
    public void close() {
        processes.forEach(PeerProcess::close);
    }
}
