package dev.vertigan.config;

import static dev.vertigan.config.Setting.deciding;
import static dev.vertigan.config.Setting.free;
import static dev.vertigan.config.Setting.in;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vertigan.config.Rule.Either;
import dev.vertigan.config.Rule.Lines;
import dev.vertigan.config.Rule.OneOf;
import dev.vertigan.config.Rule.Place;
import dev.vertigan.config.Rule.Real;
import dev.vertigan.config.Rule.Scheduled;
import dev.vertigan.config.Rule.Text;
import dev.vertigan.config.Rule.Whole;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Everything that decides what a run computes and how it is shown. One config becomes one run, and is written beside it.
///
/// Each record declares its settings beside its components, one [Setting] each, in the same order: what they mean stands there.
public record RunConfig(long seed, long steps, int batch, int shards, Data data, Latent latent, Player generator, Player discriminator,
        double emaDecay, Schedule emaHalfLife,
        Game game, ReportEvery report, Samples samples, Checkpoints checkpoint, Compute compute, Dashboard dashboard, Metrics metrics, Log log,
        Webhook webhook, Evaluation evaluation) {

    /// Who sees a run, not what it is.
    private static final List<String> SERVING = List.of("dashboard.", "metrics.", "log.", "webhook.");

    private static final Rule EVERY = new Whole(1, Integer.MAX_VALUE);

    static List<Setting> settings() {
        return Stream.of(
                List.of(deciding("seed", new Whole(Long.MIN_VALUE, Long.MAX_VALUE), 1, "the key of every random number"),
                        free("steps", new Whole(0, Long.MAX_VALUE), 0, "turns to make; 0 = until stopped").whileRunning(),
                        deciding("batch", new Whole(1, 65_536), 64, "minibatch size"),
                        deciding("shards", new Whole(1, 65_536), 1,
                                "parts a minibatch is worked in, each with batch norm of its own; must divide batch")),
                in("data", Data.settings()),
                in("latent", Latent.settings()),
                in("generator", Player.settings(List.of("dense 256 leaky-relu", "dense 512", "batch-norm leaky-relu", "output sigmoid"),
                        "G, see Layers")),
                in("discriminator", Player.settings(List.of("dense 256 leaky-relu", "dropout 0.7", "dense 256 leaky-relu", "dropout 0.7", "output"),
                        "D, see Layers")),
                List.of(deciding("emaDecay", Real.BELOW_ONE, 0.999,
                        "decay per turn of the moving average of G's weights that samples are drawn with; 0 = the weights themselves")
                        .whileRunning(),
                        deciding("emaHalfLife", new Scheduled(Real.atLeast(0)), 0.0,
                                "instead of `emaDecay`: images after which weights count half in that average; 0 = `emaDecay` rules").whileRunning()),
                in("game", Game.settings()),
                in("report", List.of(free("every", EVERY, 10, "turns between two reports").whileRunning(),
                        free("layers", new Whole(0, Integer.MAX_VALUE), 100,
                                "turns between two looks at the layers of both networks, at most a hundredth of the time; 0 = none")
                                .whileRunning())),
                in("samples", List.of(free("every", EVERY, 250, "turns between two pictures").whileRunning(),
                        free("count", new Whole(1, 10_000), 64, "samples in a picture"),
                        free("budget", new Whole(1, 1_000_000), 64, "megabytes of pictures kept, and as many of scenes, thinned as the run grows"))),
                in("checkpoint", List.of(free("every", EVERY, 1000, "turns between two checkpoints").whileRunning(),
                        free("keep", new Whole(2, 1_000_000), 3, "newest checkpoints kept"),
                        free("budget", new Whole(1, 10_000_000), 64,
                                "megabytes of checkpoints kept: those before edits, and others spread evenly, so that any step is soon shown"))),
                in("compute", List.of(free("threads", new Whole(0, 1024), 0, "0 = one per core"),
                        free("kernels", OneOf.of(Choice.Kernels.class), Choice.Kernels.AUTO, "what computes"),
                        deciding("precision", OneOf.of(Choice.Precision.class), Choice.Precision.FLOAT32,
                                "of matrix products on a card; tf32 rounds what goes into large ones to 11 bits"))),
                in("dashboard", Dashboard.settings()),
                in("metrics", List.of(
                        free("host", Place.OR_NONE, "",
                                "address where `/metrics` and `/health` are served too, to anyone who reaches it; empty = nowhere"),
                        free("port", new Whole(0, 65_535), 9464, "0 = any free one"))),
                in("log", List.of(
                        free("format", OneOf.of(Choice.LogFormat.class), Choice.LogFormat.TEXT, "json: all that the program says, one object a line"),
                        free("file", Place.OR_NONE, "", "where the log goes, rotated at 10 MB, the newest five kept; empty = standard error"))),
                in("webhook", List.of(
                        free("url", Place.OR_NONE, "", "told by POST of what needs a person, see Monitoring; empty = nobody"),
                        free("stalledAfter", Real.POSITIVE, 5.0, "minutes without a turn that count as stalled"))),
                in("evaluation", List.of(
                        free("share", Real.BELOW_ONE, 0.05,
                                "of the time, what measuring the samples while the run goes on may take; 0 = it is not done")
                                .whileRunning(),
                        free("best", OneOf.of(Choice.Best.class), Choice.Best.NONE,
                                "figure by which the best checkpoint is kept beside the newest, see docs/evaluation.md"),
                        free("patience", new Whole(0, Long.MAX_VALUE), 0,
                                "turns without a better value of `best` after which the run ends early; 0 = never").whileRunning(),
                        free("rating", new Whole(0, 64), 4,
                                "last checkpoints whose players the present ones are rated against, see docs/evaluation.md; 0 = they are not"),
                        free("rollbacks", new Whole(0, 1_000), 0,
                                "branches up to which the run goes back by itself, to the last good checkpoint, when modes are lost or a value is "
                                        + "not finite; 0 = never")
                                .whileRunning(),
                        free("features", Place.OR_NONE, "",
                                "ONNX model whose features images are held against each other in, see docs/evaluation.md; "
                                        + "empty = a network of our own"))))
                .flatMap(List::stream).toList();
    }

    /// Every setting with its value but the two secrets, the token and the webhook's address, for people and for [#fromJson]: the same
    /// configuration gives the same bytes.
    public String toJson() {
        return Json.pretty(Json.object().put(ConfigLoader.FORMAT, ConfigLoader.CURRENT_FORMAT).setAll(Json.tree(withToken("").withWebhook(""))));
    }

    /// Whether a setting is about who sees a run, not what it is.
    static boolean serving(String path) {
        return SERVING.stream().anyMatch(path::startsWith);
    }

    /// The same, watched and logged as another configuration says.
    ///
    /// @param port of the dashboard
    public RunConfig servedAs(RunConfig other, int port) {
        var changes = other.changesFrom(this, setting -> serving(setting.path()));
        changes.put("dashboard.port", Json.value(port));
        return withAny(changes);
    }

    /// The same with another token of the dashboard.
    public RunConfig withToken(String token) {
        return new RunConfig(seed, steps, batch, shards, data, latent, generator, discriminator, emaDecay, emaHalfLife, game, report, samples,
                checkpoint, compute,
                new Dashboard(dashboard.host(), dashboard.port(), token, dashboard.tokenFile(), dashboard.origins(), dashboard.trustForwarded()),
                metrics, log, webhook, evaluation);
    }

    /// The same with another address of the webhook.
    public RunConfig withWebhook(String url) {
        return new RunConfig(seed, steps, batch, shards, data, latent, generator, discriminator, emaDecay, emaHalfLife, game, report, samples,
                checkpoint, compute,
                dashboard, metrics, log, new Webhook(url, webhook.stalledAfter()), evaluation);
    }

    /// What the average of G's weights keeps in turn `step`.
    public double averageDecay(long step) {
        return emaHalfLife.some() ? Math.pow(0.5, batch / emaHalfLife.at(step, batch)) : emaDecay;
    }

    /// Reads what [#toJson] wrote.
    ///
    /// @param source of the text, for messages
    /// @throws UserError with every problem, one a line
    public static RunConfig fromJson(String json, String source) {
        return new ConfigLoader().read(json, source, List.of());
    }

    /// The same with some live settings changed, by their paths.
    ///
    /// @throws InvalidEdit with every problem: a path that is none or not live, a value that does not fit, settings that contradict each other
    public RunConfig with(Map<String, JsonNode> changes) {
        return with(changes, false, (_, _) -> {});
    }

    /// As the other.
    ///
    /// @param more what else the configuration must satisfy
    public RunConfig with(Map<String, JsonNode> changes, ConfigLoader.Check more) {
        return with(changes, false, more);
    }

    /// As [#with], also of settings that are not live, for who means to play on by other rules.
    ///
    /// @throws InvalidEdit with every problem
    public RunConfig withAny(Map<String, JsonNode> changes) {
        return with(changes, true, (_, _) -> {});
    }

    private RunConfig with(Map<String, JsonNode> changes, boolean anyOne, ConfigLoader.Check more) {
        var tree = new ConfigTree(Json.tree(this));
        tree.change(changes, anyOne);
        var config = Json.bind(tree.root());
        Stream.concat(CrossChecks.ALL.stream(), Stream.of(more))
                .forEach(check -> check.check(config, (path, message) -> tree.note(path, message, "")));
        if (!tree.problems().isEmpty()) {
            throw new InvalidEdit(tree.problems().stream().map(Problem::toString).toList());
        }
        return config;
    }

    /// The live settings' values, by path.
    public SortedMap<String, JsonNode> live() {
        var tree = Json.tree(this);
        var values = new TreeMap<String, JsonNode>();
        Setting.all().stream().filter(Setting::live).forEach(setting -> values.put(setting.path(), Json.at(tree, setting.path())));
        return values;
    }

    /// The settings that decide the result and are not as in an earlier configuration, as in `batch: 128 instead of 64`.
    public List<String> differencesFrom(RunConfig earlier) {
        var before = Json.tree(earlier);
        return changesFrom(earlier).entrySet().stream()
                .map(change -> change.getKey() + ": " + change.getValue() + " instead of " + Json.at(before, change.getKey())).toList();
    }

    /// The settings that decide the result and are not as in an earlier configuration, by path: what [#withAny] makes this of that one.
    public SequencedMap<String, JsonNode> changesFrom(RunConfig earlier) {
        return changesFrom(earlier, Setting::decidesResult);
    }

    private SequencedMap<String, JsonNode> changesFrom(RunConfig earlier, Predicate<Setting> of) {
        var now = Json.tree(this);
        var before = Json.tree(earlier);
        var changes = new LinkedHashMap<String, JsonNode>();
        Setting.all().stream().filter(of).map(Setting::path).filter(path -> !Json.at(now, path).equals(Json.at(before, path)))
                .forEach(path -> changes.put(path, Json.at(now, path)));
        return changes;
    }

    /// SHA-256, in hexadecimal, of what decides the numbers that a run computes: two runs of one hash are the same run as far as they go.
    public String hash() {
        return ConfigHash.of(Json.tree(this));
    }

    /// What is trained on.
    public record Data(Choice.DataSet name, String dir, long size, Choice.Scale scale, int extent, int channels, int modes, double spread,
            double deviation, String columns, Streamed stream, double heldOut) {

        private static final Pattern RANGE = Pattern.compile("\\d{1,6}-\\d{1,6}");

        /// The columns to learn; none if they are not named. A range of an array's, as 0-7, is all of them.
        public List<String> columnNames() {
            return Stream.of(columns.split(",")).map(String::strip).filter(name -> !name.isEmpty())
                    .flatMap(name -> name() == Choice.DataSet.ARRAY && RANGE.matcher(name).matches() ? range(name) : Stream.of(name)).toList();
        }

        private static Stream<String> range(String written) {
            String[] ends = written.split("-");
            return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[1])).mapToObj(Integer::toString);
        }

        /// Whether samples are rows of columns that are named.
        public boolean table() {
            return Set.of(Choice.DataSet.TABLE, Choice.DataSet.ARRAY, Choice.DataSet.STREAM).contains(name) && !columns.isBlank();
        }

        private static List<Setting> settings() {
            return Stream.of(List.of(
                    deciding("name", OneOf.of(Choice.DataSet.class), Choice.DataSet.DIGITS, "see Data sets"),
                    free("dir", Place.OR_NONE, "",
                            "folder of downloaded data, empty = `VERTIGAN_DATA`, else a folder "
                                    + "of your cache; for `images`, their folder; for `drawing`, `array` and `table`, the file; "
                                    + "for `stream`, the folder that is watched, empty = none"),
                    deciding("size", new Whole(1, 1L << 40), 60_000,
                            "samples an epoch, for the endless data sets: all but mnist, fashion-mnist, kmnist, cifar10, images, array and table"),
                    deciding("scale", OneOf.of(Choice.Scale.class), Choice.Scale.UNIT,
                            "pixels in [0, 1] or [−1, 1]; the generator's output activation should match: sigmoid or tanh"),
                    deciding("extent", new Whole(4, 512), 32, "pixels a side of `images` and of those in an `array` or a `stream`"),
                    deciding("channels", new Either(3, 1), 3, "`images`, or those in an `array` or a `stream`, in colour or in grey"),
                    deciding("modes", new Whole(1, 65_536), 8, "components of a mixture"),
                    deciding("spread", Real.POSITIVE, 1.0,
                            "radius of ring, rings, spiral and moons; grid, gaussian: "
                                    + "distance between neighbours; checkerboard: side of a tile; half a drawing's side"),
                    deciding("deviation", Real.POSITIVE, 0.01, "standard deviation of a component"),
                    deciding("columns", new Text(true), "",
                            "those of a `table` or a `stream` to learn, as in `height, weight`, or of an `array`, as in `0, 1` or `0-7`; "
                                    + "empty = the array or stream is of images")),
                    in("stream", Streamed.settings()),
                    List.of(deciding("heldOut", new Real(0, true, 0.5, true), 0.0,
                            "share of `images` without a folder `test`, of an `array` or of a `table` that is kept out of training, "
                                    + "for evaluation to hold samples against")))
                    .flatMap(List::stream).toList();
        }
    }

    /// Data that change while they are trained on.
    ///
    /// @param window the newest rows that are seen; 0 = all
    /// @param buffer rows that may wait for the next epoch
    /// @param period images in which `turning-ring` turns once
    public record Streamed(long window, int buffer, long period) {

        /// As it is where nothing else is said.
        public static final Streamed DEFAULT = new Streamed(0, 100_000, 2_000_000);

        private static List<Setting> settings() {
            return List.of(
                    deciding("window", new Whole(0, 1L << 40), DEFAULT.window,
                            "newest rows of a `stream` that an epoch sees, so that older ones are forgotten; 0 = all"),
                    free("buffer", new Whole(1, 100_000_000), DEFAULT.buffer,
                            "rows of a `stream` that may wait for the next epoch; more are refused until it begins"),
                    deciding("period", new Whole(1, 1L << 40), DEFAULT.period, "images in which `turning-ring` turns once"));
        }
    }

    /// What z is.
    public record Latent(int size, Choice.Distribution distribution) {

        private static List<Setting> settings() {
            return List.of(
                    deciding("size", new Whole(1, 65_536), 64, "dimensions of z"),
                    deciding("distribution", OneOf.of(Choice.Distribution.class), Choice.Distribution.NORMAL,
                            "z ~ N(0, 1), or U(−√3, √3) as the 2014 paper's code has it"));
        }
    }

    /// One network and how it learns.
    public record Player(List<String> layers, boolean spectralNorm, Init init, Optimiser optimiser) {

        public Player {
            layers = List.copyOf(layers);
        }

        private static List<Setting> settings(List<String> layers, String meaning) {
            return Stream.of(List.of(deciding("layers", new Lines(), layers, meaning),
                    deciding("spectralNorm", new Rule.YesOrNo(), false,
                            "every weight matrix is divided by its largest singular value, by a power iteration an update (Miyato et al. 2018)")),
                    in("init", Init.settings()),
                    in("optimiser", Optimiser.settings())).flatMap(List::stream).toList();
        }
    }

    /// A network's first weights.
    public record Init(Choice.Weights weights, double range, Choice.OutputBias outputBias) {

        private static List<Setting> settings() {
            return List.of(
                    deciding("weights", OneOf.of(Choice.Weights.class), Choice.Weights.HE,
                            "first weights: He et al. 2015, U(−range, range), or N(0, range²)"),
                    deciding("range", Real.POSITIVE, 0.05, "of `uniform` and `normal`"),
                    deciding("outputBias", OneOf.of(Choice.OutputBias.class), Choice.OutputBias.ZERO,
                            "the last layer's first bias; data-marginals: the logit of each pixel's mean, "
                                    + "or each channel's after `output conv` (G only)"));
        }
    }

    /// How a network learns.
    public record Optimiser(Choice.Optimiser name, Schedule rate, double rateDecay, double minRate, double momentum, double finalMomentum,
            double momentumEpochs, double beta1, Schedule beta2, double epsilon, double clip) {

        private static List<Setting> settings() {
            return List.of(
                    deciding("name", OneOf.of(Choice.Optimiser.class), Choice.Optimiser.ADAM, "sgd has momentum"),
                    deciding("rate", new Scheduled(Real.POSITIVE), 0.0005, "learning rate").whileRunning(),
                    deciding("rateDecay", Real.atLeast(1), 1.0, "the rate is divided by it after every update; 1 = constant"),
                    deciding("minRate", Real.atLeast(0), 0.0, "where the decay ends"),
                    deciding("momentum", Real.BELOW_ONE, 0.0, "of sgd, at the start").whileRunning(),
                    deciding("finalMomentum", Real.BELOW_ONE, 0.0, "of sgd, reached linearly").whileRunning(),
                    deciding("momentumEpochs", Real.atLeast(0), 0.0, "epochs until `finalMomentum`"),
                    deciding("beta1", Real.BELOW_ONE, 0.5, "of adam").whileRunning(),
                    deciding("beta2", new Scheduled(Real.BELOW_ONE), 0.999, "of adam").whileRunning(),
                    deciding("epsilon", Real.POSITIVE, 1e-8, "of adam"),
                    deciding("clip", Real.atLeast(0), 0.0, "largest norm of a gradient, a longer one is scaled down to it; 0 = any").whileRunning());
        }
    }

    /// How the two play.
    public record Game(Choice.Objective objective, Choice.Schedule schedule, int discriminatorSteps, double realLabel, Schedule instanceNoise,
            Penalty penalty, int branch, int pack, Augmentation augmentation) {

        /// A game that never went back, of single samples as they are.
        public Game(Choice.Objective objective, Choice.Schedule schedule, int discriminatorSteps, double realLabel, Schedule instanceNoise,
                Penalty penalty) {
            this(objective, schedule, discriminatorSteps, realLabel, instanceNoise, penalty, 0, 1, Augmentation.NONE);
        }

        private static List<Setting> settings() {
            return Stream.of(List.of(
                    deciding("objective", OneOf.of(Choice.Objective.class), Choice.Objective.NON_SATURATING, "what the players optimise"),
                    deciding("schedule", OneOf.of(Choice.Schedule.class), Choice.Schedule.ALTERNATING,
                            "Algorithm 1, or one set of fakes for both updates as in the paper's code"),
                    deciding("discriminatorSteps", new Whole(1, 100), 1, "k of Algorithm 1").whileRunning(),
                    deciding("realLabel", new Real(0, false, 1, true), 1.0, "D's target for reals; below 1 = one-sided label smoothing")
                            .whileRunning(),
                    deciding("instanceNoise", new Scheduled(Real.atLeast(0)), 0.0, "standard deviation of the noise added to all D sees")
                            .whileRunning()),
                    in("penalty", Penalty.settings()),
                    List.of(deciding("branch", new Whole(0, 1_000), 0,
                            "in the key of every turn's random numbers and of the data's order: with another one turns are not repeated; going back "
                                    + "to a checkpoint counts it up")
                            .whileRunning(),
                            deciding("pack", new Whole(1, 64), 1,
                                    "samples that D judges together, so that it sees how they differ (Lin et al. 2018); "
                                            + "must divide a shard of `batch`")),
                    in("augmentation", Augmentation.settings())).flatMap(List::stream).toList();
        }
    }

    /// What is done to images before D sees them (Zhao et al. 2020).
    public record Augmentation(boolean flip, double translate, double cutout, double colour) {

        public static final Augmentation NONE = new Augmentation(false, 0, 0, 0);

        private static List<Setting> settings() {
            return List.of(
                    deciding("flip", new Rule.YesOrNo(), false, "every other image that D sees is mirrored"),
                    deciding("translate", Real.BELOW_ONE, 0.0,
                            "images that D sees are moved by up to this part of their side; DiffAugment has 0.125"),
                    deciding("cutout", Real.BELOW_ONE, 0.0, "a square of this part of their side is cut out of them; DiffAugment has 0.5"),
                    deciding("colour", new Real(0, true, 1, true), 0.0,
                            "how much their brightness, saturation and contrast change; DiffAugment has 1"));
        }

        /// Whether nothing is.
        public boolean none() {
            return equals(NONE);
        }
    }

    /// What keeps D's slope small, γ/2 · E‖∂D/∂x‖² (Mescheder et al. 2018, equations 9 and 10), or at 1, λ · E(‖∂D/∂x‖ − 1)² (Gulrajani et
    /// al. 2017, equation 3). D must be made of linear pieces.
    ///
    /// @param r1 γ at reals; 0 = none
    /// @param r2 γ at fakes; 0 = none
    /// @param gp λ between reals and fakes; 0 = none
    /// @param noise where above 0, r1 and r2 are approximated by differences that noise of that deviation makes
    public record Penalty(Schedule r1, Schedule r2, Schedule gp, double noise) {

        public static final Penalty NONE = new Penalty(Schedule.constant(0), Schedule.constant(0), Schedule.constant(0), 0);

        private static List<Setting> settings() {
            return List.of(
                    deciding("r1", new Scheduled(Real.atLeast(0)), 0.0,
                            "γ of R1, which keeps D flat at reals; no tanh, sigmoid or batch norm in D then")
                            .whileRunning(),
                    deciding("r2", new Scheduled(Real.atLeast(0)), 0.0, "γ of R2, the same at fakes").whileRunning(),
                    deciding("gp", new Scheduled(Real.atLeast(0)), 0.0, "λ of WGAN-GP, which keeps D's slope at 1 between reals and fakes")
                            .whileRunning(),
                    deciding("noise", Real.atLeast(0), 0.0,
                            "above 0: r1 and r2 by differences under noise of that deviation at D's inputs, for any D; 0: exact").whileRunning());
        }

        /// Whether there ever is any that takes a D of linear pieces.
        public boolean exact() {
            return gp.some() || noise == 0 && some();
        }

        /// Whether there ever is any.
        public boolean some() {
            return r1.some() || r2.some() || gp.some();
        }
    }

    public record ReportEvery(int every, int layers) {}

    public record Samples(int every, int count, int budget) {}

    public record Checkpoints(int every, int keep, int budget) {}

    public record Compute(int threads, Choice.Kernels kernels, Choice.Precision precision) {}

    /// Who may look. The token is never written down.
    public record Dashboard(String host, int port, String token, String tokenFile, List<String> origins, boolean trustForwarded) {

        public Dashboard {
            origins = List.copyOf(origins);
        }

        private static List<Setting> settings() {
            return List.of(
                    free("host", new Place(new Text(false)), "127.0.0.1", "address to listen at; any but this machine's own needs a token"),
                    free("port", new Whole(0, 65_535), 8080, "0 = any free one"),
                    free("token", new Text(true), "", "asked of who wants to see or steer, when not empty; never written into the run's folder"),
                    free("tokenFile", Place.OR_NONE, "", "a file with the token in it, empty = none"),
                    free("origins", new Rule.WebAddresses(), List.of(), "where a reverse proxy shows the dashboard, see Who gets in"),
                    free("trustForwarded", new Rule.YesOrNo(), false, "`X-Forwarded-Host` and `X-Forwarded-Proto` name such an address"));
        }
    }

    /// Where `/metrics` and `/health` are served besides the dashboard.
    public record Metrics(String host, int port) {}

    public record Log(Choice.LogFormat format, String file) {}

    /// Who is told of what needs a person. The address is never written down.
    public record Webhook(String url, double stalledAfter) {}

    /// How much of the time goes into measuring samples while the run goes on, and what follows from what is found.
    ///
    /// @param features an ONNX file, or empty
    public record Evaluation(double share, Choice.Best best, long patience, int rating, int rollbacks, String features) {}
}
