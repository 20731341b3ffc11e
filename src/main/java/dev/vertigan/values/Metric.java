package dev.vertigan.values;

import static dev.vertigan.values.Metric.Tone.DISCRIMINATOR;
import static dev.vertigan.values.Metric.Tone.GENERATOR;
import static dev.vertigan.values.Metric.Tone.MUTED;
import static dev.vertigan.values.Metric.Tone.REAL;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The catalogue of all that reports tell, in the order of their columns. The metric log, Prometheus, the progress line and the page's charts
/// follow it: a new metric is a line here, and its value put into the report where it is measured.
public enum Metric {

    LOSS_D("lossD", "nats", "Loss", gauge("vertigan.loss", "network", "discriminator"),
            curve(Chart.LOSS, "Discriminator", DISCRIMINATOR), "loss D %.3f"),

    LOSS_G("lossG", "nats", "Loss", gauge("vertigan.loss", "network", "generator"),
            curve(Chart.LOSS, "Generator", GENERATOR), "G %.3f"),

    SCORE_REAL("scoreReal", "probability", "Mean of D's probabilities that a sample is real", gauge("vertigan.score", "source", "real"),
            curve(Chart.SCORE, "Real", REAL), "D(x) %.2f"),

    SCORE_FAKE("scoreFake", "probability", "Mean of D's probabilities that a sample is real", gauge("vertigan.score", "source", "fake"),
            curve(Chart.SCORE, "Generated", GENERATOR), "D(G(z)) %.2f"),

    GRADIENT_NORM_D("gradientNormD", "L2", "L2 norm of all gradients", gauge("vertigan.gradient.norm", "network", "discriminator"),
            curve(Chart.GRADIENT, "Discriminator", DISCRIMINATOR), ""),

    GRADIENT_NORM_G("gradientNormG", "L2", "L2 norm of all gradients", gauge("vertigan.gradient.norm", "network", "generator"),
            curve(Chart.GRADIENT, "Generator", GENERATOR), ""),

    UPDATE_RATIO_D("updateRatioD", "ratio", "L2 norm of the update over that of the weights",
            gauge("vertigan.update.ratio", "network", "discriminator"),
            curve(Chart.RATIO, "Discriminator", DISCRIMINATOR, new Reference(1e-3, "10⁻³", MUTED)), ""),

    UPDATE_RATIO_G("updateRatioG", "ratio", "L2 norm of the update over that of the weights",
            gauge("vertigan.update.ratio", "network", "generator"), curve(Chart.RATIO, "Generator", GENERATOR), ""),

    TURN_MILLIS("turnMillis", "ms", "Mean wall time of a turn since the last report", Optional.empty(), Optional.empty(), ""),

    IMAGES_PER_SECOND("imagesPerSecond", "images/s", "Real samples consumed per second since the last report", Optional.empty(),
            curve(Chart.SPEED, "Images per second", MUTED), ""),

    PENALTY_D("penaltyD", "nats", "Penalty on the steepness of D, which is added to its loss", gauge("vertigan.penalty", "network", "discriminator"),
            curve(Chart.LOSS, "Penalty", MUTED), ""),

    BOUNDED_G("boundedG", "ratio", "Share of the fakes whose logit G's loss takes for less than it is, as maximum likelihood has no bound",
            Optional.empty(), curve(Chart.SCORE, "Bounded", MUTED), ""),

    MODES("modes", "modes", "Modes, or classes, of the data that the samples have", gauge("vertigan.modes"), Optional.empty(), "modes %.0f"),

    HIGH_QUALITY("highQuality", "share", "Samples within three standard deviations of a mode", gauge("vertigan.high.quality"),
            curve(Chart.QUALITY, "High quality", GENERATOR), ""),

    SPREAD("spread", "σ", "Standard deviation of these about their mode's mean, over the true one", gauge("vertigan.spread"),
            curve(Chart.QUALITY, "Spread", MUTED, new Reference(1, "1", MUTED)), ""),

    SPREAD_CENTRE("spreadCentre", "σ", "The same about the mode's true centre", gauge("vertigan.spread.centre"),
            curve(Chart.QUALITY, "Spread about the centre", DISCRIMINATOR), ""),

    MODE_KL("modeKl", "nats", "KL of the samples' nearest modes from all modes alike", gauge("vertigan.mode.kl"),
            curve(Chart.DIVERGENCE, "Modes", GENERATOR), ""),

    DENSITY_KL("densityKl", "nats", "KL of the samples' histogram from the exact density", gauge("vertigan.density.kl"),
            curve(Chart.DIVERGENCE, "Density", REAL), ""),

    FORWARD_KL("forwardKl", "nats", "KL of the exact density from the samples' histogram: large where modes are missed", gauge("vertigan.forward.kl"),
            curve(Chart.DIVERGENCE, "Density, forward", GENERATOR), ""),

    DENSITY_JSD("densityJsd", "nats", "Jensen–Shannon divergence of the samples' histogram and the exact density", gauge("vertigan.density.jsd"),
            curve(Chart.DIVERGENCE, "Density, JSD", DISCRIMINATOR), ""),

    DENSITY_KL_FLOOR("densityKlFloor", "nats", "What densityKl is of perfect samples on average", gauge("vertigan.density.kl.floor"),
            curve(Chart.DIVERGENCE, "Floor", MUTED), ""),

    FORWARD_KL_FLOOR("forwardKlFloor", "nats", "What forwardKl is of perfect samples on average", gauge("vertigan.forward.kl.floor"),
            Optional.empty(), ""),

    DENSITY_JSD_FLOOR("densityJsdFloor", "nats", "What densityJsd is of perfect samples on average", gauge("vertigan.density.jsd.floor"),
            Optional.empty(), ""),

    CELL_JSD("cellJsd", "nats", "Jensen–Shannon divergence of the histograms of samples and reals", gauge("vertigan.cell.jsd"),
            curve(Chart.DIVERGENCE, "Histogram", REAL), ""),

    CLASS_KL("classKl", "nats", "KL of the samples' classes from the real ones", gauge("vertigan.class.kl"),
            curve(Chart.DIVERGENCE, "Classes", GENERATOR), ""),

    CONFIDENT("confident", "share", "Samples whose class the classifier is 90 % sure of", gauge("vertigan.confident"),
            curve(Chart.QUALITY, "Recognised", GENERATOR), ""),

    AS_ASKED("asAsked", "share", "Samples that are recognised as the class that they were asked for", gauge("vertigan.as.asked"),
            curve(Chart.QUALITY, "As asked", REAL), ""),

    AS_ASKED_LEAST("asAskedLeast", "share", "The same of the class that is recognised least", gauge("vertigan.as.asked.least"),
            curve(Chart.QUALITY, "As asked, the worst class", DISCRIMINATOR), ""),

    ASKED_KL("askedKl", "nats", "Mean over the classes asked for of the KL of the classes recognised from those of held-out reals of that class",
            gauge("vertigan.asked.kl"), curve(Chart.DIVERGENCE, "Classes as asked", DISCRIMINATOR), ""),

    FRECHET("frechet", "", "Fréchet distance from real samples in the features of a small network", gauge("vertigan.frechet"),
            curve(Chart.FRECHET, "Fréchet distance", GENERATOR), ""),

    FRECHET_REAL("frechetReal", "", "What frechet is of as many real samples: its bias", gauge("vertigan.frechet.real"),
            curve(Chart.FRECHET, "Fréchet distance of reals", MUTED), ""),

    KERNEL_DISTANCE("kernelDistance", "", "Kernel distance from real samples in the same features, without bias", gauge("vertigan.kernel.distance"),
            curve(Chart.FRECHET, "Kernel distance", REAL), ""),

    PRECISION("precision", "share", "Samples that lie where real ones do", gauge("vertigan.precision"),
            curve(Chart.MANIFOLD, "Precision", GENERATOR), ""),

    RECALL("recall", "share", "Real samples that lie where the samples do", gauge("vertigan.recall"),
            curve(Chart.MANIFOLD, "Recall", REAL), ""),

    DENSITY("density", "ratio", "Real samples in whose neighbourhood a sample is, over those that there should be", gauge("vertigan.density"),
            curve(Chart.MANIFOLD, "Density", MUTED), ""),

    COVERAGE("coverage", "share", "Real samples with a sample in their neighbourhood", gauge("vertigan.coverage"),
            curve(Chart.MANIFOLD, "Coverage", DISCRIMINATOR), ""),

    NEARNESS("nearness", "ratio", "Distance of samples from the nearest training sample, over that of held-out reals", gauge("vertigan.nearness"),
            curve(Chart.VARIETY, "Distance from training samples", GENERATOR, new Reference(1, "1", MUTED)), ""),

    DIVERSITY("diversity", "ratio", "Mean distance of two samples of a minibatch, over that of reals", gauge("vertigan.diversity"),
            curve(Chart.VARIETY, "Diversity", REAL), ""),

    PARZEN("parzen", "nats", "Log-likelihood of held-out reals under a Gaussian window about each sample", gauge("vertigan.parzen"),
            curve(Chart.PARZEN, "Parzen window", GENERATOR), ""),

    RATING_GAIN("ratingGain", "Elo", "G's rating over the mean of those of the last checkpoints, by the discriminators of all: about 0 where it has "
            + "stopped improving", gauge("vertigan.rating.gain"),
            curve(Chart.RATING, "G over its last checkpoints", GENERATOR,
                    new Reference(0, "no better", MUTED)),
            ""),

    LOSS_D_BEST("lossDBest", "nats", "What D's loss would be if it were the best against this G", gauge("vertigan.loss.best"),
            curve(Chart.LOSS, "Best discriminator", MUTED), ""),

    GAP_TO_BEST("gapToBest", "probability", "Mean distance of D's probabilities from those of the best D against this G",
            gauge("vertigan.gap.to.best"), curve(Chart.SCORE, "D from the best D", DISCRIMINATOR), ""),

    RATE_D("rateD", "", "Value in use of a setting that has a schedule", scheduled("discriminator.optimiser.rate"),
            curve(Chart.SCHEDULES, "Rate of D", DISCRIMINATOR), ""),

    RATE_G("rateG", "", "Value in use of a setting that has a schedule", scheduled("generator.optimiser.rate"),
            curve(Chart.SCHEDULES, "Rate of G", GENERATOR), ""),

    R1("r1", "", "Value in use of a setting that has a schedule", scheduled("game.penalty.r1"), curve(Chart.SCHEDULES, "γ of R1", REAL), ""),

    R2("r2", "", "Value in use of a setting that has a schedule", scheduled("game.penalty.r2"), curve(Chart.SCHEDULES, "γ of R2", MUTED), ""),

    GP("gp", "", "Value in use of a setting that has a schedule", scheduled("game.penalty.gp"), curve(Chart.SCHEDULES, "λ of WGAN-GP", REAL), ""),

    INSTANCE_NOISE("instanceNoise", "", "Value in use of a setting that has a schedule", scheduled("game.instanceNoise"),
            curve(Chart.SCHEDULES, "Instance noise", MUTED), ""),

    EMA_HALF_LIFE("emaHalfLife", "images", "Value in use of a setting that has a schedule", scheduled("emaHalfLife"),
            curve(Chart.SCHEDULES, "Half-life of G’s average", GENERATOR), ""),

    EVALUATED_STEP("evaluatedStep", "turns", "Turn that the newest evaluation is of", gauge("vertigan.evaluated.step"), Optional.empty(), ""),

    EVALUATOR_TRAINED("evaluatorTrained", "share", "Of the training of the network that images are evaluated with",
            gauge("vertigan.evaluator.trained"), Optional.empty(), ""),

    EVALUATION_SECONDS("evaluationSeconds", "s", "What evaluations took since the program began", gauge("vertigan.evaluation.seconds"),
            Optional.empty(), ""),

    EVALUATION_SHARE("evaluationShare", "share", "Of the time since the program began, what evaluations took", gauge("vertigan.evaluation.share"),
            Optional.empty(), "");

    /// Figures of the samples' quality, of which more or less is better.
    private static final Set<Metric> HIGHER = EnumSet.of(HIGH_QUALITY, CONFIDENT, AS_ASKED, AS_ASKED_LEAST, PRECISION, RECALL, COVERAGE, PARZEN);
    private static final Set<Metric> LOWER = EnumSet.of(MODE_KL, DENSITY_KL, FORWARD_KL, DENSITY_JSD, CELL_JSD, CLASS_KL, ASKED_KL, FRECHET,
            KERNEL_DISTANCE);

    private static final Map<String, Metric> BY_COLUMN = Arrays.stream(values()).collect(Collectors.toMap(Metric::column, Function.identity()));

    private final String column;
    private final String unit;
    private final String help;
    private final Optional<Gauge> gauge;
    private final Optional<Curve> curve;
    private final String progress;

    /// The charts of the page, in its order.
    public enum Chart {

        LOSS("Losses", "nats", Axis.EITHER,
                "The dotted lines are where the game comes to rest: D cannot tell real from generated."),
        SCORE("D(x) and D(G(z))", "probability of “real”", Axis.PROBABILITY,
                "Far apart: the discriminator wins. Both at the dotted line: it can only guess."),
        GRADIENT("Gradient norms", "L2", Axis.LOGARITHMIC, "L2 norm of all gradients of a player."),
        RATIO("Update ratios", "‖Δθ‖ / ‖θ‖", Axis.LOGARITHMIC, "Size of one update relative to the weights; around one thousandth is healthy."),
        QUALITY("Sample quality", "share", Axis.FROM_ZERO,
                "Measured now and then: samples near a mode, or whose class is certain; and how wide modes are, 1 being right."),
        DIVERGENCE("Divergences", "nats", Axis.LOGARITHMIC, "Of the samples’ distribution from that of the data: 0 would be the same."),
        FRECHET("Fréchet and kernel distance", "", Axis.LOGARITHMIC,
                "Of samples from reals in the features of a small network: comparable within runs on these data only."),
        MANIFOLD("Precision and recall", "share", Axis.FROM_ZERO,
                "Samples where the data are, and data where samples are, by nearest neighbours. Recall falls when modes are lost."),
        VARIETY("Memorised? Diverse?", "over that of reals", Axis.FROM_ZERO,
                "Both are 1 for perfect samples. Far below it the first is of copies of training samples, the second of samples that are all alike."),
        PARZEN("Parzen window", "nats", Axis.LINEAR,
                "Log-likelihood of held-out images, as the 2014 paper has it; k-means centres beat real images at it, so take it as history."),
        RATING("Still improving?", "Elo", Axis.LINEAR,
                "How much better G deceives the discriminators, present and of the last checkpoints, than the checkpoints’ generators do."),
        SCHEDULES("Scheduled settings", "", Axis.LOGARITHMIC, "What is in use now of each setting that has a schedule."),
        SPEED("Speed", "images/s", Axis.FROM_ZERO, "Real samples consumed per second.");

        private final String title;
        private final String unit;
        private final Axis axis;
        private final String note;

        Chart(String title, String unit, Axis axis, String note) {
            this.title = title;
            this.unit = unit;
            this.axis = axis;
            this.note = note;
        }

        public String title() {
            return title;
        }

        public String unit() {
            return unit;
        }

        public Axis axis() {
            return axis;
        }

        /// What to look for.
        public String note() {
            return note;
        }
    }

    /// The vertical axis: LINEAR fits the data, FROM_ZERO begins there, PROBABILITY is [0, 1]; EITHER is linear at first and may be made
    /// logarithmic, LOGARITHMIC the other way round.
    public enum Axis { LINEAR, FROM_ZERO, PROBABILITY, EITHER, LOGARITHMIC }

    /// Whose colour a curve has.
    public enum Tone { DISCRIMINATOR, GENERATOR, REAL, MUTED }

    /// @param meter name as Micrometer has it; metrics that share one share its help
    /// @param tags what tells them apart
    public record Gauge(String meter, Map<String, String> tags) {

        public Gauge { tags = Map.copyOf(tags); }
    }

    /// @param label in the chart's legend
    /// @param reference a line to hold the curve against; losses and scores have those of the objective
    public record Curve(Chart chart, String label, Tone tone, Optional<Reference> reference) {}

    public record Reference(double value, String label, Tone tone) {}

    Metric(String column, String unit, String help, Optional<Gauge> gauge, Optional<Curve> curve, String progress) {
        this.column = column;
        this.unit = unit;
        this.help = help;
        this.gauge = gauge;
        this.curve = curve;
        this.progress = progress;
    }

    private static Optional<Gauge> gauge(String meter) {
        return Optional.of(new Gauge(meter, Map.of()));
    }

    private static Optional<Gauge> scheduled(String setting) {
        return gauge("vertigan.scheduled", "setting", setting);
    }

    private static Optional<Gauge> gauge(String meter, String tag, String value) {
        return Optional.of(new Gauge(meter, Map.of(tag, value)));
    }

    /// Whether it says how good samples are: then [#better] can tell.
    public boolean ofQuality() {
        return HIGHER.contains(this) || LOWER.contains(this);
    }

    /// Whether samples of the first value are better than those of the second; false if it [is not of quality][#ofQuality].
    public boolean better(double value, double than) {
        return HIGHER.contains(this) ? value > than : LOWER.contains(this) && value < than;
    }

    private static Optional<Curve> curve(Chart chart, String label, Tone tone) {
        return Optional.of(new Curve(chart, label, tone, Optional.empty()));
    }

    private static Optional<Curve> curve(Chart chart, String label, Tone tone, Reference reference) {
        return Optional.of(new Curve(chart, label, tone, Optional.of(reference)));
    }

    /// The metric of a column, if this version knows it.
    public static Optional<Metric> of(String column) {
        return Optional.ofNullable(BY_COLUMN.get(column));
    }

    /// Its name in `metrics.jsonl`, in the history and on the page.
    public String column() {
        return column;
    }

    public String unit() {
        return unit;
    }

    public String help() {
        return help;
    }

    /// The gauge that shows the newest value, if there is one.
    public Optional<Gauge> gauge() {
        return gauge;
    }

    /// How the page draws it, if it does.
    public Optional<Curve> curve() {
        return curve;
    }

    /// How the progress line tells it, for [String#format]; empty if it does not.
    public String progress() {
        return progress;
    }
}
