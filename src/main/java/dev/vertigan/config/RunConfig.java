package dev.vertigan.config;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// Everything that decides what a run computes and how it is shown. One config becomes one run, and is written beside it.
///
/// @param seed the key of every random number
/// @param steps turns to make; 0 = until stopped
/// @param batch minibatch size m of Algorithm 1
/// @param emaDecay decay per turn of the moving average of G's weights that samples are drawn with; 0 = the weights themselves
public record RunConfig(long seed, long steps, int batch, Data data, Latent latent, Player generator, Player discriminator, double emaDecay,
        Game game, ReportEvery report, Samples samples, Checkpoints checkpoint, Compute compute, Dashboard dashboard, Metrics metrics, Log log,
        Webhook webhook) {

    private static final List<String> WITHOUT_EFFECT_ON_THE_RESULT = List.of("steps", "report", "samples", "checkpoint", "compute", "dashboard",
            "metrics", "log", "webhook");

    /// Every setting with its value but the two secrets, the token and the webhook's address, for people and for [#fromJson]: the same
    /// configuration gives the same bytes.
    public String toJson() {
        return Json.pretty(Json.tree(withToken("").withWebhook("")));
    }

    /// The same with another token of the dashboard.
    public RunConfig withToken(String token) {
        return new RunConfig(seed, steps, batch, data, latent, generator, discriminator, emaDecay, game, report, samples, checkpoint, compute,
                new Dashboard(dashboard.host(), dashboard.port(), token, dashboard.tokenFile()), metrics, log, webhook);
    }

    /// The same with another address of the webhook.
    public RunConfig withWebhook(String url) {
        return new RunConfig(seed, steps, batch, data, latent, generator, discriminator, emaDecay, game, report, samples, checkpoint, compute,
                dashboard, metrics, log, new Webhook(url, webhook.stalledAfter()));
    }

    /// Reads what [#toJson] wrote.
    ///
    /// @param source of the text, for messages
    /// @throws UserError with every problem, one a line
    public static RunConfig fromJson(String json, String source) {
        return new ConfigLoader().read(json, source, List.of());
    }

    /// SHA-256, in hexadecimal, of what decides the numbers that a run computes: two runs of one hash are the same run as far as they go.
    public String hash() {
        ObjectNode tree = Json.tree(this).remove(WITHOUT_EFFECT_ON_THE_RESULT);
        ((ObjectNode) tree.get("data")).remove("dir");
        return HexFormat.of().formatHex(sha256(Json.compact(tree).getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// @param name digits, mnist, fashion-mnist, kmnist, cifar10, images, ring, grid or gaussian
    /// @param dir folder of downloaded data; empty = `VERTIGAN_DATA`, else a folder of the user's cache; for `images`, their folder or
    ///         a .zip archive of it
    /// @param size samples an epoch, for the endless data sets (digits, ring, grid, gaussian)
    /// @param scale pixels go to G and D as [0, 1] (`unit`) or [−1, 1] (`symmetric`)
    /// @param extent pixels a side of what `images` are resized to
    /// @param channels of `images`: 3 = colour, 1 = grey
    /// @param modes components of a mixture
    /// @param spread ring: radius; grid: distance between neighbours; gaussian: distance between neighbours
    /// @param deviation standard deviation of a component
    public record Data(Choice.DataSet name, String dir, long size, Choice.Scale scale, int extent, int channels, int modes, double spread,
            double deviation) {}

    /// @param size dimensions of z
    /// @param distribution `normal` N(0, 1), or `uniform` U(−√3, √3) as the 2014 paper's code has it (both of variance 1)
    public record Latent(int size, Choice.Distribution distribution) {}

    /// One network and how it learns.
    ///
    /// @param layers one layer a line, as in `dense 256 leaky-relu`; see the README
    public record Player(List<String> layers, Init init, Optimiser optimiser) {

        public Player {
            layers = List.copyOf(layers);
        }
    }

    /// @param weights `he` (He et al. 2015), `uniform` U(−range, range) or `normal` N(0, range²)
    /// @param outputBias `zero`, or `data-marginals`: the logit of each pixel's mean
    public record Init(Choice.Weights weights, double range, Choice.OutputBias outputBias) {}

    /// @param name `sgd` (with momentum) or `adam`
    /// @param rateDecay the rate is divided by this after every update, 1 = constant
    /// @param minRate where the decay ends
    /// @param momentum sgd only; rises linearly to `finalMomentum` over `momentumEpochs` epochs
    public record Optimiser(Choice.Optimiser name, double rate, double rateDecay, double minRate, double momentum, double finalMomentum,
            double momentumEpochs, double beta1, double beta2, double epsilon) {}

    /// @param objective `non-saturating` or `minimax`
    /// @param schedule `alternating` (Algorithm 1) or `simultaneous` (the paper's code: one set of fakes serves both updates)
    /// @param discriminatorSteps k of Algorithm 1
    /// @param realLabel D's target for reals; below 1 = one-sided label smoothing (Salimans et al. 2016)
    /// @param instanceNoise standard deviation of the Gaussian noise added to all D sees (Sønderby et al. 2017)
    public record Game(Choice.Objective objective, Choice.Schedule schedule, int discriminatorSteps, double realLabel, double instanceNoise) {}

    /// @param every turns between two reports
    public record ReportEvery(int every) {}

    /// @param every turns between two pictures
    /// @param count samples in a picture
    public record Samples(int every, int count) {}

    /// @param every turns between two checkpoints
    /// @param keep how many of the newest are kept, at least 2
    public record Checkpoints(int every, int keep) {}

    /// @param threads 0 = one per core
    /// @param kernels `auto`, `simd` or `nd4j`
    public record Compute(int threads, Choice.Kernels kernels) {}

    /// @param token asked of every control and WebSocket when not empty; required on any address but loopback. Never written down
    /// @param tokenFile a file with the token in it, empty = none
    public record Dashboard(String host, int port, String token, String tokenFile) {}

    /// Where `/metrics` and `/health` are served besides the dashboard, to anyone who reaches it.
    ///
    /// @param host address to listen at, empty = nowhere
    public record Metrics(String host, int port) {}

    /// @param format `text`, or `json`: one object a line, with all that the program says
    /// @param file where it goes and is rotated, empty = standard error
    public record Log(Choice.LogFormat format, String file) {}

    /// @param url told by POST when the run finishes, fails, stalls, or its folder's disk fills up; empty = nobody. Never written down
    /// @param stalledAfter minutes without a turn
    public record Webhook(String url, double stalledAfter) {}
}
