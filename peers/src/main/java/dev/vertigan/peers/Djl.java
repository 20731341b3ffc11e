package dev.vertigan.peers;

import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Adam;
import ai.djl.training.tracker.Tracker;
import java.util.List;

/// DJL with its PyTorch engine, by its own blocks, trainers and Adam. It plays dense networks.
final class Djl implements Peer {

    @Override
    public Game open(Workload workload) {
        if (workload.penalised()) {
            throw new Cannot("its gradients cannot be differentiated again");
        }
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(workload.threads()));
        System.setProperty("ai.djl.offline", "true");
        var generator = block(workload.generator(), workload.features());
        var discriminator = block(workload.discriminator(), 1);
        return new DjlGame(workload, trainer("generator", generator, workload.generatorAdam(), workload.batch(), workload.latent()),
                trainer("discriminator", discriminator, workload.discriminatorAdam(), workload.batch(), workload.features()));
    }

    private static Block block(List<String> lines, int features) {
        var block = new SequentialBlock();
        for (var line : Line.read(lines, 1, features)) {
            switch (line) {
                case Line.Dense(int units, var activation) -> {
                    block.add(Linear.builder().setUnits(units).build());
                    activate(block, activation);
                }
                case Line.Convolution convolution when convolution.transposed() ->
                    throw new Cannot("its PyTorch engine has no transposed convolution");
                default -> {} // of networks with these, G has a transposed convolution too
            }
        }
        return block;
    }

    private static void activate(SequentialBlock block, Line.Activation activation) {
        switch (activation.name()) {
            case "linear" -> {}
            case "relu" -> block.add(Activation.reluBlock());
            case "tanh" -> block.add(Activation.tanhBlock());
            case "sigmoid" -> block.add(Activation.sigmoidBlock());
            case "leaky-relu" -> block.add(Activation.leakyReluBlock(activation.slope()));
            default -> throw new Cannot("no \"%s\" is written for it here".formatted(activation.name()));
        }
    }

    private static Trainer trainer(String name, Block block, Workload.Adam adam, int batch, int in) {
        var model = Model.newInstance(name, "PyTorch");
        model.setBlock(block);
        var optimiser = Adam.builder().optLearningRateTracker(Tracker.fixed((float) adam.rate())).optBeta1((float) adam.beta1())
                .optBeta2((float) adam.beta2()).optEpsilon((float) adam.epsilon()).build();
        var trainer = model.newTrainer(new DefaultTrainingConfig(Loss.l2Loss()).optOptimizer(optimiser)); // its loss is not asked for
        trainer.initialize(new Shape(batch, in));
        return trainer;
    }

    static String version() {
        return "DJL " + Engine.getDjlVersion() + ", PyTorch " + Engine.getEngine("PyTorch").getVersion();
    }
}
