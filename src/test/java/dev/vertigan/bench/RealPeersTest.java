package dev.vertigan.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The libraries themselves, which `mvn -Ppeers verify` has built.
@Tag("peers")
class RealPeersTest {

    private static final Path JARS = Path.of("target/vertigan/peers");

    @TempDir
    Path folder;

    private List<PeerMeasurement> measurements(List<String> generator, List<String> discriminator, List<Integer> shape, String schedule) {
        return measurements(generator, discriminator, shape, schedule, 0, List.of());
    }

    private List<PeerMeasurement> measurements(List<String> generator, List<String> discriminator, List<Integer> shape, String schedule, double gamma,
            List<String> beyond) {
        var adam = new PeerGame.Adam(2e-4, 0.5, 0.999, 1e-8);
        var game = new PeerGame(4, 3, shape, generator, discriminator, adam, adam, schedule, "non-saturating", gamma, gamma, 1, beyond);
        try (var peers = new Peers(Peer.ALL, JARS, game, 1, folder)) {
            peers.block(1, () -> {});
            return peers.measurements();
        }
    }

    private static Set<String> players(List<PeerMeasurement> measurements) {
        return measurements.stream().filter(PeerMeasurement.Played.class::isInstance).map(PeerMeasurement::name).collect(Collectors.toSet());
    }

    @Test
    void allPlayDenseNetworks() {
        var measured = measurements(List.of("dense 8 leaky-relu", "output sigmoid"), List.of("dense 8 leaky-relu 0.1", "output"), List.of(2, 3, 1),
                "alternating");
        assertEquals(Peer.ALL.stream().map(Peer::name).collect(Collectors.toSet()), players(measured));
        for (var peer : measured) {
            var played = (PeerMeasurement.Played) peer;
            assertTrue(played.turnMillis().median() > 0 && played.ratio().equals(played.turnMillis()), played::toString);
        }
    }

    @Test
    void djlHasNoTransposedConvolution() {
        var measured = measurements(List.of("dense 64", "reshape 4x4x4", "batch-norm relu", "output deconv 4x4 stride 2 tanh"),
                List.of("conv 4 4x4 stride 2", "batch-norm leaky-relu", "output"), List.of(8, 8, 1), "alternating");
        assertEquals(Set.of("libtorch"), players(measured));
        assertEquals(new PeerMeasurement.Refused("DJL", "its PyTorch engine has no transposed convolution"), measured.getLast());
    }

    @Test
    void libtorchDifferentiatesSlopes() {
        var generator = List.of("dense 64", "reshape 4x4x4", "batch-norm relu", "output deconv 4x4 stride 2 tanh");
        var discriminator = List.of("conv 4 4x4 stride 2 leaky-relu", "output");
        assertEquals(Set.of("libtorch"), players(measurements(generator, discriminator, List.of(8, 8, 1), "alternating", 1, List.of())));
    }

    @Test
    void nobodyPlaysWithSettingsThatAreNotToldOf() {
        var layers = List.of("dense 8 leaky-relu", "output");
        var refused = measurements(layers, layers, List.of(2), "alternating", 0, List.of("game.penalty.gp"));
        assertEquals(Set.of(), players(refused));
        assertEquals(new PeerMeasurement.Refused("libtorch", "nothing is written here for game.penalty.gp"), refused.getFirst());
    }

    @Test
    void whatIsNotWrittenForThemTheySay() {
        var layers = List.of("dense 8 leaky-relu", "output");
        assertEquals(Set.of(), players(measurements(layers, layers, List.of(2), "simultaneous")));
        assertEquals(Set.of(), players(measurements(layers, List.of("maxout 4x2", "output"), List.of(2), "alternating")));
    }
}
