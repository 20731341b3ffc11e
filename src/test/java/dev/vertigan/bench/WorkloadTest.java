package dev.vertigan.bench;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.vertigan.compute.Backend;
import dev.vertigan.config.Choice;
import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.game.PlainGame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

class WorkloadTest {

    @TempDir
    Path folder;

    private static Workload named(String name) {
        return Workload.ALL.stream().filter(workload -> workload.name().equals(name)).findFirst().orElseThrow();
    }

    private Dataset dataset(Workload workload) {
        return Datasets.open(workload.config(folder.resolve("images"), List.of()).data(), Downloads.Progress.NONE);
    }

    @TestFactory
    Stream<DynamicTest> everyWorkloadCanBePlayed() {
        return Workload.ALL.stream().map(workload -> DynamicTest.dynamicTest(workload.name(), () -> {
            Assumptions.assumeTrue(!workload.preset().equals("mnist") || System.getenv().containsKey("VERTIGAN_DATA"),
                    "skipped: no MNIST; set VERTIGAN_DATA to the folder above it");
            var config = workload.withBatch(4).config(folder.resolve(workload.name()), List.of());
            try (var kernels = Backend.open(Choice.Kernels.AUTO, 1)) {
                var game = new PlainGame(config, Datasets.open(config.data(), Downloads.Progress.NONE), new double[0], kernels);
                game.play(1);
                assertTrue(game.state().values().stream().allMatch(tensor -> Double.isFinite(kernels.sumOfSquares(tensor))));
            }
        }));
    }

    @Test
    void anotherMinibatchSizeIsConfiguredAndTold() {
        var workload = named("mlp-256").withBatch(1024);
        assertAll(
                () -> assertEquals(1024, workload.config(folder, List.of()).batch()),
                () -> assertTrue(workload.description().endsWith("batch 1024"), workload.description()));
    }

    @Test
    void theImagesOfAWorkloadAreNoiseOfItsSize() {
        var dataset = dataset(named("dcgan-32"));
        assertArrayEquals(new int[] {32, 32, 1}, dataset.shape());
        var pixels = new float[2 * dataset.features()];
        dataset.read(0, pixels, 0);
        dataset.read(1, pixels, dataset.features());
        double mean = 0;
        for (float pixel : pixels) {
            mean += pixel / pixels.length;
        }
        assertEquals(0, mean, 0.05, "of pixels from -1 to 1");
    }

    @Test
    void peersAreToldAllThatDecidesATurn() throws IOException {
        var workload = named("ring-128").with(List.of("game.penalty.r1=2", "game.penalty.r2=0.5"));
        var config = workload.config(folder, List.of("compute.threads=2", "game.schedule=simultaneous", "generator.optimiser.beta1=0.25"));
        var json = new ObjectMapper().readTree(PeerGame.of(config, dataset(workload), workload.paths()).toJson());
        assertAll(
                () -> assertEquals("non-saturating", json.at("/objective").asText()),
                () -> assertEquals(List.of(2.0, 0.5), List.of(json.at("/r1").asDouble(), json.at("/r2").asDouble())),
                () -> assertEquals("[]", json.at("/beyond").toString()),
                () -> assertEquals(256, json.at("/batch").asInt()),
                () -> assertEquals(2, json.at("/latent").asInt()),
                () -> assertEquals(2, json.at("/threads").asInt()),
                () -> assertEquals("simultaneous", json.at("/schedule").asText()),
                () -> assertEquals("[2]", json.at("/shape").toString()),
                () -> assertEquals("[\"dense 128 leaky-relu\",\"dense 128 leaky-relu\",\"output\"]", json.at("/generator").toString()),
                () -> assertEquals(json.at("/generator"), json.at("/discriminator")),
                () -> assertEquals(0.25, json.at("/generatorAdam/beta1").asDouble()),
                () -> assertEquals(config.discriminator().optimiser().rate().start(), json.at("/discriminatorAdam/rate").asDouble()));
    }

    @Test
    void whatPeersAreNotToldOfIsNamed() {
        for (var workload : Workload.COMPARED) {
            var more = workload.with(List.of("game.penalty.gp=10", "discriminator.spectralNorm=true", "generator.optimiser.rate=1e-3"));
            var game = PeerGame.of(more.config(folder, List.of()), dataset(more), more.paths());
            assertEquals(List.of("game.penalty.gp", "discriminator.spectralNorm"), game.beyond(), workload.name());
        }
    }

    @Test
    void aSettingOfAllWorkloadsComesOnTopOfTheirs() {
        var config = named("ring-128").with(List.of("compute.kernels=simd", "latent.size=5")).config(folder, List.of());
        assertEquals(List.of(Choice.Kernels.SIMD, 5, 256), List.of(config.compute().kernels(), config.latent().size(), config.batch()));
    }

    @Test
    void threadsOfPeersAreTheCoresUnlessSaid() {
        var workload = named("ring-128");
        var game = PeerGame.of(workload.config(folder, List.of()), dataset(workload), workload.paths());
        assertEquals(Runtime.getRuntime().availableProcessors(), game.threads());
    }
}
