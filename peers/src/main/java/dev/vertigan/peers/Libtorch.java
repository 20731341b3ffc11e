package dev.vertigan.peers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/// libtorch through JavaCPP's bindings, written as one would in C++. There is more than one good way: each is tried, and the fastest plays.
final class Libtorch implements Peer {

    private static final double TRIAL_MILLIS = 700;
    private static final double NANOS_PER_MILLI = 1e6;

    /// A way to play.
    ///
    /// @param format of images and of the convolutions' weights
    /// @param joined D sees reals and fakes as one minibatch, which is the same where there is no batch norm
    record Way(MemoryFormat format, boolean joined) {

        @Override
        public String toString() {
            return (format == MemoryFormat.ChannelsLast ? "channels last" : "channels first") + (joined ? ", reals and fakes joined" : "");
        }
    }

    @Override
    public Game open(Workload workload) {
        torch.set_num_threads(workload.threads());
        return ways(workload).stream().map(way -> new LibtorchGame(workload, way)).min(Comparator.comparingDouble(Libtorch::trial)).orElseThrow();
    }

    private static List<Way> ways(Workload workload) {
        var ways = new ArrayList<Way>();
        boolean images = workload.generator().stream().anyMatch(line -> line.contains("conv"));
        boolean coupled = workload.discriminator().stream().anyMatch(line -> line.startsWith("batch-norm"));
        for (var format : images ? List.of(MemoryFormat.Contiguous, MemoryFormat.ChannelsLast) : List.of(MemoryFormat.Contiguous)) {
            ways.add(new Way(format, false));
            if (!coupled) {
                ways.add(new Way(format, true));
            }
        }
        return ways;
    }

    /// Plays for a while.
    ///
    /// @return milliseconds of the fastest turn
    private static double trial(Game game) {
        double fastest = Double.POSITIVE_INFINITY;
        for (double spent = 0; spent < TRIAL_MILLIS;) {
            long start = System.nanoTime();
            game.turn();
            double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
            fastest = Math.min(fastest, millis);
            spent += millis;
        }
        System.err.println(game.describe() + ": " + fastest);
        return fastest;
    }
}
