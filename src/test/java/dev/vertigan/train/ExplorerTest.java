package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.data.Dataset;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.train.Runs.Running;
import dev.vertigan.values.Command;
import dev.vertigan.values.ExploreRequest.Explore;
import dev.vertigan.values.ExploreRequest.FindNearest;
import dev.vertigan.values.ExploreRequest.GetLatents;
import dev.vertigan.values.ExploreRequest.LatentSpace;
import dev.vertigan.values.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is drawn of latents of one's choice is what the run would draw of them, and does not touch the run.
class ExplorerTest {

    private static final long STEPS = 40;
    private static final List<Double> ITSELF = List.of(1.0, 0.0);

    @TempDir
    private Path temp;

    private static Explore of(long a, long b, List<Double> at, int steps, boolean averaged) {
        return new Explore(a, b, at, steps, averaged, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static float[] points(Running run, Explore wanted) {
        return floats(run.ask(wanted).picture().bytes());
    }

    private static float[] floats(byte[] bytes) {
        float[] values = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    private static float[] point(float[] points, int index) {
        return new float[] {points[2 * index], points[2 * index + 1]};
    }

    @Test
    void aLatentOfThePicturesGivesItsPlaceInThemAlsoWhileTheRunRests() throws IOException {
        try (var run = new Running(temp.resolve("run"), Runs.ring(STEPS)).start()) {
            run.hash();
            var picture = floats(Files.readAllBytes(run.folder().sampled().get(STEPS)));
            var explored = run.ask(of(11, 5, ITSELF, 0, true)).picture();
            assertEquals(STEPS, explored.step());
            assertArrayEquals(point(picture, 11), floats(explored.bytes()));
            var way = points(run, of(11, 5, List.of(), 7, true));
            assertArrayEquals(point(picture, 11), point(way, 0));
            assertArrayEquals(point(picture, 5), point(way, 6));
            assertArrayEquals(point(picture, 5), points(run, of(11, 5, List.of(0.0, 1.0), 0, true)));
            assertNotEquals(point(picture, 11)[0], points(run, of(11, 5, ITSELF, 0, false))[0], "of the weights themselves");
            assertEquals(new LatentSpace(16, 8, true, 0, 2_000), run.ask(new GetLatents()));
        }
    }

    @Test
    void theNearestOfAllIsFound() {
        var config = Runs.ring(STEPS);
        var dataset = Datasets.open(config.data(), Downloads.Progress.NONE);
        try (var run = new Running(temp.resolve("run"), config).start()) {
            run.hash();
            var wanted = of(3, 4, List.of(0.4, -0.7), 0, true);
            float[] sample = points(run, wanted);
            var found = run.ask(new FindNearest(wanted));
            double least = Double.POSITIVE_INFINITY;
            for (long i = 0; i < dataset.size(); i++) {
                least = Math.min(least, distance(dataset, i, sample));
            }
            assertEquals(least, found.distance(), 1e-12);
            assertEquals(least, distance(dataset, found.index(), sample), 1e-12);
            assertEquals(dataset.size(), found.searched());
        }
    }

    private static double distance(Dataset dataset, long index, float[] sample) {
        var other = new float[2];
        dataset.read(index, other, 0);
        return Math.sqrt((Math.pow(other[0] - sample[0], 2) + Math.pow(other[1] - sample[1], 2)) / 2);
    }

    @Test
    void aClassThatIsAskedForIsTheOneThatIsDrawn() {
        var config = Runs.with(Runs.ring(STEPS), "generator.layers=dense 24 classes 8 leaky-relu, output",
                "discriminator.layers=dense 24 classes 8 leaky-relu, output projection 8");
        try (var run = new Running(temp.resolve("run"), config).start()) {
            run.hash();
            float[] own = points(run, of(10, 0, ITSELF, 0, true));
            assertArrayEquals(own, points(run, new Explore(10, 0, ITSELF, 0, true, Optional.of(2), Optional.empty(), Optional.empty())), "10 mod 8");
            assertNotEquals(own[0], points(run, new Explore(10, 0, ITSELF, 0, true, Optional.of(3), Optional.empty(), Optional.empty()))[0]);
            assertArrayEquals(own, points(run, of(10, 0, ITSELF, 0, true)), "forgotten again");
        }
    }

    @Test
    void aRunThatIsExploredComesToTheSameBits() {
        var config = Runs.ring(STEPS);
        try (var run = new Running(temp.resolve("run"), config).startAtRest()) {
            var played = run.bus().ask(new Command.Resume());
            int drawn = 0;
            while (run.ask(new Command.GetStatus()).state() != Status.State.FINISHED) {
                run.ask(of(drawn++, 1, ITSELF, 0, drawn % 2 == 0));
            }
            assertTrue(played.succeeded() && drawn > 0);
            assertEquals(Runs.plain(config), run.hash());
        }
    }
}
