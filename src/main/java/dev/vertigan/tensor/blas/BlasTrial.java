package dev.vertigan.tensor.blas;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which of two libraries multiplies faster on this CPU. They are tried once, for a fraction of a second, and the winner is remembered in a
/// file: each rounds in its own way, so a run that goes on tomorrow must find the same.
final class BlasTrial {

    private static final Logger log = LoggerFactory.getLogger(BlasTrial.class);

    private static final Path CPU = Path.of("/proc/cpuinfo");
    private static final List<String> CPU_FIELDS = List.of("vendor_id", "cpu family", "model", "model name");
    private static final int VERSION = 1; // of libraries and products: another one tries anew
    private static final int ROUNDS = 6; // the first warms up
    private static final double CLEARLY = 1.03; // how much faster the second must be
    private static final byte SOME_FLOAT = 0x3f; // four of them are 0.747

    /// Products of the kinds and sizes that a game plays: forward, of a weight's gradient, and backward.
    private static final List<Product> PRODUCTS = List.of(
            new Product(false, false, 128, 1200, 1200), new Product(true, false, 1200, 1200, 128),
            new Product(false, false, 64, 256, 784), new Product(true, false, 784, 256, 64), new Product(false, true, 64, 784, 256));

    private record Product(boolean transposeA, boolean transposeB, int m, int n, int k) {

        double nanos(Blas.Library library, long a, long b, long c) throws Throwable {
            long start = System.nanoTime();
            library.sgemm(transposeA, transposeB, m, n, k, a, transposeA ? m : k, b, transposeB ? k : n, 0, c, n);
            return System.nanoTime() - start;
        }
    }

    /// Loads a library.
    interface Loading {

        Blas.Library load() throws IOException;
    }

    private BlasTrial() {}

    /// The file for this CPU.
    static Path file(Path folder) {
        return folder.resolve(String.format(Locale.ROOT, "vertigan-blas-%d-%s", VERSION, cpu()));
    }

    /// What sets its CPU apart, as far as the system tells.
    private static String cpu() {
        if (!Files.isReadable(CPU)) {
            return "unknown";
        }
        try (var lines = Files.lines(CPU)) {
            return lines.takeWhile(line -> !line.isBlank()).map(line -> line.split("\\s*:\\s*", 2))
                    .filter(field -> field.length == 2 && CPU_FIELDS.contains(field[0])).map(field -> field[1])
                    .collect(Collectors.joining("-")).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        } catch (IOException | UncheckedIOException e) {
            return "unknown";
        }
    }

    /// The library that won. Others who ask meanwhile wait for the end of the trial.
    ///
    /// @param file remembers the title of the winner
    /// @param first is taken unless the second is clearly faster
    /// @throws IOException if the file cannot be read or written, or a library not loaded
    static Blas.Library winner(Path file, String firstTitle, Loading first, String secondTitle, Loading second) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            var text = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            String remembered = text.lines().findFirst().orElse("");
            if (remembered.equals(firstTitle)) {
                return first.load();
            }
            if (remembered.equals(secondTitle)) {
                return second.load();
            }
            var one = first.load();
            var other = second.load();
            double ratio = ratio(one, other);
            var winner = ratio < 1 / CLEARLY ? other : one;
            String verdict = String.format(Locale.ROOT, "%s took %.2f times as long as %s in the products of a game", secondTitle, ratio, firstTitle);
            log.debug("{}: {} multiplies from now on, as {} remembers", verdict, winner.title(), file);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((winner.title() + "\n" + verdict + "\n").getBytes(StandardCharsets.UTF_8)), 0);
            return winner;
        }
    }

    /// How many times as long as `one` `other` takes: the geometric mean over products, of the shortest times of each.
    static double ratio(Blas.Library one, Blas.Library other) {
        long most = PRODUCTS.stream().mapToLong(p -> Math.max(Math.max((long) p.m * p.k, (long) p.k * p.n), (long) p.m * p.n)).max().orElseThrow();
        try (var arena = Arena.ofConfined()) {
            var memory = arena.allocate(3 * most * Float.BYTES, 64).fill(SOME_FLOAT);
            long a = memory.address();
            long b = a + most * Float.BYTES;
            long c = b + most * Float.BYTES;
            double[][] shortest = new double[2][PRODUCTS.size()];
            for (double[] times : shortest) {
                Arrays.fill(times, Double.MAX_VALUE);
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (int i = 0; i < PRODUCTS.size(); i++) {
                    shortest[0][i] = Math.min(shortest[0][i], PRODUCTS.get(i).nanos(one, a, b, c));
                    shortest[1][i] = Math.min(shortest[1][i], PRODUCTS.get(i).nanos(other, a, b, c));
                }
            }
            double logs = 0;
            for (int i = 0; i < PRODUCTS.size(); i++) {
                logs += Math.log(shortest[1][i] / shortest[0][i]);
            }
            return Math.exp(logs / PRODUCTS.size());
        } catch (Throwable e) {
            throw new IllegalStateException("BLAS call failed: " + e, e);
        }
    }
}
