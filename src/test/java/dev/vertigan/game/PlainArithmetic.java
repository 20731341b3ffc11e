package dev.vertigan.game;

import dev.vertigan.config.Choice;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.Schedule;
import dev.vertigan.tensor.Draw;
import dev.vertigan.tensor.Kernels;
import dev.vertigan.tensor.Tensor;
import dev.vertigan.values.Metric;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// The game again, written down from the papers with arrays and loops: dense layers and batch norm, both schedules, both optimisers, the moving
/// average. Gradients are central differences of a loss as a whole.
final class PlainArithmetic {

    private static final double H = 1e-5;

    private final RunConfig config;
    private final Minibatches minibatches;
    private final double epoch; // updates in one
    private final Kernels kernels;
    private final int batch;
    private final int classes; // that the layers know; read from them once, as it takes longer than a loss
    private final Map<String, double[]> state = new TreeMap<>();
    private final Map<Metric, Double> measured = new EnumMap<>(Metric.class);
    private final Map<Draw, double[][]> drawn = new HashMap<>(); // in this turn: central differences ask for the same numbers hundreds of times
    private long batches;
    private long step;
    private long updatesG;
    private long updatesD;
    private int[] labels = new int[0]; // of the minibatch in play, reals and fakes

    /// @param state of both players before the first turn, by name
    PlainArithmetic(RunConfig config, Minibatches minibatches, long epochSize, Map<String, double[]> state, Kernels kernels) {
        this.config = config;
        this.minibatches = minibatches;
        this.kernels = kernels;
        batch = config.batch();
        classes = Classes.of(config);
        epoch = (double) epochSize / batch;
        state.forEach((name, values) -> this.state.put(name, values.clone()));
    }

    Map<String, double[]> state() {
        return state;
    }

    @Override
    public String toString() {
        return "turn " + step;
    }

    /// What a report of the last turn would say, with a penalty of 0 where there is none.
    Map<Metric, Double> measured() {
        return measured;
    }

    /// Algorithm 1, or the paper's code where the schedule is simultaneous.
    void play() {
        step++;
        drawn.clear();
        int k = config.game().discriminatorSteps();
        boolean simultaneous = config.game().schedule() == Choice.Schedule.SIMULTANEOUS;
        Map<String, double[]> gradientG = Map.of();
        for (int phase = 0; phase < k; phase++) {
            boolean shared = simultaneous && phase == k - 1;
            var z = latents(shared ? 127 : phase);
            var reals = noisy(reals(), new Moment(step, phase), true);
            var fakes = noisy(generate(z), new Moment(step, phase), false);
            if (shared) {
                track("generator", config.generator().layers(), z);
            }
            var moment = new Moment(step, phase);
            DoubleSupplier loss = () -> lossD(judge(reals), judge(fakes));
            DoubleSupplier penalty = () -> steepness(now(config.game().penalty().r1()), reals, moment, true)
                    + steepness(now(config.game().penalty().r2()), fakes, moment, false)
                    + unsteadiness(now(config.game().penalty().gp()), reals, fakes, moment);
            measured.put(Metric.LOSS_D, loss.getAsDouble());
            measured.put(Metric.PENALTY_D, penalty.getAsDouble());
            measured.put(Metric.SCORE_REAL, mean(judge(reals), PlainArithmetic::sigma));
            measured.put(Metric.SCORE_FAKE, mean(judge(fakes), PlainArithmetic::sigma));
            var gradientD = differences("discriminator", () -> loss.getAsDouble() + penalty.getAsDouble());
            if (shared) {
                gradientG = gradientG(reals, z, phase);
            }
            track("discriminator", config.discriminator().layers(), reals);
            track("discriminator", config.discriminator().layers(), fakes);
            update("discriminator", config.discriminator().optimiser(), gradientD, ++updatesD);
        }
        if (!simultaneous) {
            var z = latents(127);
            var fresh = relativistic() || conditional() ? noisy(reals(), new Moment(step, 127), true) : new double[0][];
            var reals = relativistic() ? fresh : new double[0][];
            gradientG = gradientG(reals, z, 127);
            track("generator", config.generator().layers(), z);
        }
        update("generator", config.generator().optimiser(), gradientG, ++updatesG);
        average();
    }

    private boolean conditional() {
        return classes > 0;
    }

    private boolean relativistic() {
        return config.game().objective().written().startsWith("relativistic");
    }

    private Map<String, double[]> gradientG(double[][] reals, double[][] z, int phase) {
        DoubleSupplier loss = () -> lossG(reals.length == 0 ? new double[0] : judge(reals),
                judge(noisy(generate(z), new Moment(step, phase), false)));
        measured.put(Metric.LOSS_G, loss.getAsDouble());
        return differences("generator", loss);
    }

    /// As the papers have them; cross-entropy with a share of the other label where labels are smoothed.
    private double lossD(double[] reals, double[] fakes) {
        double label = config.game().realLabel();
        return switch (config.game().objective()) {
            case MINIMAX, NON_SATURATING, MAXIMUM_LIKELIHOOD -> mean(reals, a -> -label * Math.log(sigma(a)) - (1 - label) * Math.log(1 - sigma(a)))
                    + mean(fakes, a -> -Math.log(1 - sigma(a)));
            case LEAST_SQUARES -> mean(reals, a -> (a - label) * (a - label) / 2) + mean(fakes, a -> a * a / 2);
            case WASSERSTEIN -> mean(fakes, a -> a) - mean(reals, a -> a);
            case HINGE -> mean(reals, a -> Math.max(0, 1 - a)) + mean(fakes, a -> Math.max(0, 1 + a));
            case RELATIVISTIC -> mean(differences(reals, fakes), u -> -Math.log(sigma(u)));
            case RELATIVISTIC_AVERAGE -> mean(reals, a -> -Math.log(sigma(a - mean(fakes, b -> b))))
                    + mean(fakes, a -> -Math.log(1 - sigma(a - mean(reals, b -> b))));
        };
    }

    private double lossG(double[] reals, double[] fakes) {
        return switch (config.game().objective()) {
            case MINIMAX -> mean(fakes, a -> Math.log(1 - sigma(a)));
            case NON_SATURATING -> mean(fakes, a -> -Math.log(sigma(a)));
            case MAXIMUM_LIKELIHOOD -> -mean(fakes, Math::exp);
            case LEAST_SQUARES -> mean(fakes, a -> (a - 1) * (a - 1) / 2);
            case WASSERSTEIN, HINGE -> -mean(fakes, a -> a);
            case RELATIVISTIC -> mean(differences(fakes, reals), u -> -Math.log(sigma(u)));
            case RELATIVISTIC_AVERAGE -> mean(fakes, a -> -Math.log(sigma(a - mean(reals, b -> b))))
                    + mean(reals, a -> -Math.log(1 - sigma(a - mean(fakes, b -> b))));
        };
    }

    /// γ/2 · E‖∂D/∂x‖², each partial derivative by numbers with an infinitesimal part.
    private double steepness(double gamma, double[][] x, int[] of) {
        return gamma == 0 ? 0 : gamma / 2 * IntStream.range(0, x.length).mapToDouble(row -> {
            double squares = 0;
            for (int along = 0; along < x[row].length; along++) {
                var direction = new double[x[row].length];
                direction[along] = 1;
                double partial = derivative(x[row], direction, conditional() ? new int[] {of[row]} : of);
                squares += partial * partial;
            }
            return squares;
        }).average().orElseThrow();
    }

    private double steepness(double gamma, double[][] x, Moment moment, boolean real) {
        double sigma = config.game().penalty().noise();
        if (sigma == 0 || gamma == 0) {
            return steepness(gamma, x, labels);
        }
        var logits = judge(x);
        var nearby = judge(moved(x, sigma, Streams.nearby(config.seed(), moment, real)));
        double sum = 0;
        for (int n = 0; n < x.length; n++) {
            sum += (nearby[n] - logits[n]) * (nearby[n] - logits[n]);
        }
        return gamma / (2 * sigma * sigma) * sum / x.length;
    }

    /// WGAN-GP's.
    private double unsteadiness(double lambda, double[][] reals, double[][] fakes, Moment moment) {
        if (lambda == 0) {
            return 0;
        }
        double[] shares = shares(moment);
        double sum = 0;
        for (int n = 0; n < batch; n++) {
            var between = new double[reals[n].length];
            for (int i = 0; i < between.length; i++) {
                between[i] = fakes[n][i] + shares[n] * (reals[n][i] - fakes[n][i]);
            }
            sum += Math.pow(Math.sqrt(2 * steepness(1, new double[][] {between}, labels.length == 0 ? labels : new int[] {labels[n]})) - 1, 2);
        }
        return lambda * sum / batch;
    }

    private double derivative(double[] x, double[] direction, int[] label) {
        var value = new double[][] {x};
        var part = new double[][] {direction};
        var layers = config.discriminator().layers();
        for (int i = 0; i < layers.size(); i++) {
            var words = layers.get(i).split(" ");
            String layer = "discriminator." + i + ".";
            var linear = linear(layer, words, value, label);
            var none = linear(layer, words, new double[][] {new double[value[0].length]}, label); // the bias
            var moved = linear(layer, words, part, label);
            value = map(linear, activation(words[words.length - 1]));
            part = new double[1][linear[0].length];
            for (int o = 0; o < part[0].length; o++) {
                double slope = words[words.length - 1].equals("leaky-relu") && linear[0][o] <= 0 ? (double) 0.2f : 1;
                part[0][o] = slope * (moved[0][o] - none[0][o]);
            }
        }
        return part[0][0];
    }

    private static double[] differences(double[] a, double[] b) {
        var differences = a.clone();
        for (int i = 0; i < a.length; i++) {
            differences[i] -= b[i];
        }
        return differences;
    }

    private static double sigma(double a) {
        return 1 / (1 + Math.exp(-a));
    }

    private static double mean(double[] values, DoubleUnaryOperator of) {
        return Arrays.stream(values).map(of).average().orElseThrow();
    }

    // Networks.

    private double[][] generate(double[][] z) {
        return forward("generator", config.generator().layers(), z);
    }

    private double[] judge(double[][] x) {
        return Arrays.stream(forward("discriminator", config.discriminator().layers(), x)).mapToDouble(row -> row[0]).toArray();
    }

    private double[][] forward(String player, List<String> layers, double[][] x) {
        var y = x;
        for (int i = 0; i < layers.size(); i++) {
            var words = layers.get(i).split(" ");
            var linear = linear(player + "." + i + ".", words, y, labels);
            y = map(linear, activation(words[words.length - 1]));
        }
        return y;
    }

    private static DoubleUnaryOperator activation(String word) {
        return switch (word) {
            case "tanh" -> Math::tanh;
            case "leaky-relu" -> a -> a > 0 ? a : (double) 0.2f * a;
            default -> DoubleUnaryOperator.identity();
        };
    }

    private static double[][] map(double[][] x, DoubleUnaryOperator of) {
        return Arrays.stream(x).map(row -> Arrays.stream(row).map(of).toArray()).toArray(double[][]::new);
    }

    private double[][] dense(String layer, double[][] x) {
        var weight = state.get(layer + "weight"); // [in, out]
        var bias = state.get(layer + "bias");
        var y = new double[x.length][bias.length];
        for (int n = 0; n < x.length; n++) {
            for (int o = 0; o < bias.length; o++) {
                y[n][o] = bias[o];
                for (int i = 0; i < x[n].length; i++) {
                    y[n][o] += x[n][i] * weight[i * bias.length + o];
                }
            }
        }
        return y;
    }

    private double[][] linear(String layer, String[] words, double[][] x, int[] of) {
        boolean classes = List.of(words).contains("classes");
        return switch (words[0].equals("batch-norm") ? words[0] : words.length > 1 && words[1].equals("projection") ? words[1] : "dense") {
            case "batch-norm" -> normalised(layer, x, classes ? of : new int[x.length]);
            case "projection" -> projected(layer, x, of);
            default -> dense(layer, classes ? beside(x, oneHot(of)) : x);
        };
    }

    private double[][] oneHot(int[] of) {
        var rows = new double[of.length][classes];
        for (int n = 0; n < of.length; n++) {
            rows[n][of[n]] = 1;
        }
        return rows;
    }

    private static double[][] beside(double[][] x, double[][] more) {
        var rows = new double[x.length][];
        for (int n = 0; n < x.length; n++) {
            rows[n] = DoubleStream.concat(Arrays.stream(x[n]), Arrays.stream(more[n])).toArray();
        }
        return rows;
    }

    /// The value of a class adds up with that of all.
    private double[][] projected(String layer, double[][] x, int[] of) {
        var y = dense(layer, x);
        var vectors = state.get(layer + "classes"); // [classes, in]
        for (int n = 0; n < x.length; n++) {
            for (int i = 0; i < x[n].length; i++) {
                y[n][0] += x[n][i] * vectors[of[n] * x[n].length + i];
            }
        }
        return y;
    }

    /// @param of the class whose gamma and beta count, of each row
    private double[][] normalised(String layer, double[][] x, int[] of) {
        var gamma = state.get(layer + "gamma"); // [classes, channels], or [channels]
        var beta = state.get(layer + "beta");
        int channels = x[0].length;
        var y = new double[x.length][channels];
        for (int c = 0; c < channels; c++) {
            double mean = columnMean(x, c);
            double deviation = Math.sqrt(columnVariance(x, c) + (double) 1e-5f);
            for (int n = 0; n < x.length; n++) {
                y[n][c] = gamma[of[n] * channels + c] * (x[n][c] - mean) / deviation + beta[of[n] * channels + c];
            }
        }
        return y;
    }

    private static double columnMean(double[][] x, int c) {
        return Arrays.stream(x).mapToDouble(row -> row[c]).average().orElseThrow();
    }

    private static double columnVariance(double[][] x, int c) {
        double mean = columnMean(x, c);
        return Arrays.stream(x).mapToDouble(row -> (row[c] - mean) * (row[c] - mean)).average().orElseThrow();
    }

    /// What batch norm's running statistics learn from a pass.
    private void track(String player, List<String> layers, double[][] x) {
        for (int i = 0; i < layers.size(); i++) {
            if (layers.get(i).startsWith("batch-norm")) {
                var seen = forward(player, layers.subList(0, i), x);
                var means = state.get(player + "." + i + ".running_mean");
                var variances = state.get(player + "." + i + ".running_variance");
                for (int c = 0; c < means.length; c++) {
                    means[c] = 0.9 * means[c] + 0.1 * columnMean(seen, c);
                    variances[c] = 0.9 * variances[c] + 0.1 * columnVariance(seen, c);
                }
            }
        }
    }

    // Learning.

    /// ∂loss/∂θ for everything that the player learns.
    private Map<String, double[]> differences(String player, DoubleSupplier loss) {
        var gradients = new TreeMap<String, double[]>();
        state.forEach((name, values) -> {
            if (name.matches(player + "\\.\\d+\\.(weight|bias|gamma|beta|classes)")) {
                var gradient = new double[values.length];
                for (int i = 0; i < values.length; i++) {
                    double before = values[i];
                    values[i] = before + H;
                    double up = loss.getAsDouble();
                    values[i] = before - H;
                    gradient[i] = (up - loss.getAsDouble()) / (2 * H);
                    values[i] = before;
                }
                gradients.put(name, gradient);
            }
        });
        return gradients;
    }

    private void update(String player, RunConfig.Optimiser optimiser, Map<String, double[]> gradients, long t) {
        double start = now(optimiser.rate());
        double beta2 = now(optimiser.beta2());
        double decayed = start / Math.pow(optimiser.rateDecay(), t - 1);
        double rate = optimiser.rateDecay() == 1 ? start : Math.max(optimiser.minRate(), decayed);
        double epochs = (t - 1) / epoch;
        double share = optimiser.momentumEpochs() == 0 ? 1 : Math.min(1, epochs / optimiser.momentumEpochs());
        double momentum = (1 - share) * optimiser.momentum() + share * optimiser.finalMomentum();
        double norm = Math.sqrt(gradients.values().stream().flatMapToDouble(Arrays::stream).map(part -> part * part).sum());
        double clipped = optimiser.clip() > 0 ? Math.min(1, optimiser.clip() / norm) : 1;
        double moved = 0;
        double weights = 0;
        for (var one : gradients.entrySet()) {
            var name = one.getKey();
            var gradient = Arrays.stream(one.getValue()).map(part -> part * clipped).toArray();
            var local = name.substring(player.length() + 1);
            var weight = state.get(name);
            var before = weight.clone();
            for (int i = 0; i < gradient.length; i++) {
                if (optimiser.name() == Choice.Optimiser.SGD) {
                    var velocity = state.get(player + ".velocity." + local);
                    velocity[i] = momentum * velocity[i] - rate * gradient[i];
                    weight[i] += velocity[i];
                } else {
                    var m = state.get(player + ".m." + local);
                    var v = state.get(player + ".v." + local);
                    m[i] = optimiser.beta1() * m[i] + (1 - optimiser.beta1()) * gradient[i];
                    v[i] = beta2 * v[i] + (1 - beta2) * gradient[i] * gradient[i];
                    double unbiased = m[i] / (1 - Math.pow(optimiser.beta1(), t));
                    double root = Math.sqrt(v[i] / (1 - Math.pow(beta2, t)));
                    weight[i] -= rate * unbiased / (root + optimiser.epsilon());
                }
                moved += (weight[i] - before[i]) * (weight[i] - before[i]);
                weights += weight[i] * weight[i];
            }
        }
        boolean ofG = player.equals("generator");
        measured.put(ofG ? Metric.GRADIENT_NORM_G : Metric.GRADIENT_NORM_D, norm * clipped);
        measured.put(ofG ? Metric.UPDATE_RATIO_G : Metric.UPDATE_RATIO_D, Math.sqrt(moved / weights));
    }

    private void average() {
        double halfLife = now(config.emaHalfLife());
        double decay = Math.min(config.emaHalfLife().some() ? Math.pow(2, -batch / halfLife) : config.emaDecay(), (1.0 + updatesG) / (10 + updatesG));
        state.forEach((name, average) -> {
            if (name.startsWith("generator.ema.")) {
                var weight = state.get(name.replace(".ema.", "."));
                for (int i = 0; i < average.length; i++) {
                    average[i] = decay * average[i] + (1 - decay) * weight[i];
                }
            }
        });
    }

    // What the product draws and reads too.

    private double[][] reals() {
        var minibatch = minibatches.room(kernels);
        minibatches.read(batches++, minibatch);
        labels = minibatch.labels().stream().flatMapToInt(all -> IntStream.range(0, batch).map(i -> (int) all.get(i))).toArray();
        return rows(minibatch.x());
    }

    private double[][] latents(int phase) {
        var z = kernels.allocate(batch, config.latent().size());
        Draw draw = Streams.latents(config.seed(), new Moment(step, phase));
        if (config.latent().distribution() == Choice.Distribution.UNIFORM) {
            kernels.uniform(z, (float) -Math.sqrt(3), (float) Math.sqrt(3), draw);
        } else {
            kernels.normal(z, draw);
        }
        return rows(z);
    }

    private double now(Schedule schedule) {
        return schedule.at((step - 1L) * batch);
    }

    private double[][] noisy(double[][] x, Moment moment, boolean real) {
        return moved(x, now(config.game().instanceNoise()), Streams.instanceNoise(config.seed(), moment, real));
    }

    private double[] shares(Moment moment) {
        return drawn.computeIfAbsent(Streams.shares(config.seed(), moment), draw -> {
            var shares = kernels.allocate(batch);
            kernels.uniform(shares, 0, 1, draw);
            return new double[][] {IntStream.range(0, batch).mapToDouble(n -> shares.get(n)).toArray()};
        })[0];
    }

    private double[][] moved(double[][] x, double scale, Draw of) {
        var noises = drawn.computeIfAbsent(of, draw -> {
            var noise = kernels.allocate(batch, x[0].length);
            kernels.normal(noise, draw);
            return rows(noise);
        });
        var y = new double[x.length][];
        for (int n = 0; n < x.length; n++) {
            y[n] = x[n].clone();
            for (int i = 0; i < y[n].length; i++) {
                y[n][i] += scale * noises[n][i];
            }
        }
        return y;
    }

    private static double[][] rows(Tensor tensor) {
        int columns = (int) tensor.extent(1);
        var rows = new double[(int) tensor.extent(0)][columns];
        for (int i = 0; i < tensor.size(); i++) {
            rows[i / columns][i % columns] = tensor.get(i);
        }
        return rows;
    }
}
