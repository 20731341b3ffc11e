package dev.vertigan.bench;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.vertigan.bus.Addresses;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Dataset;
import dev.vertigan.run.RunFolder;
import dev.vertigan.train.Assembly;
import dev.vertigan.values.Command;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Report;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// The real run: verticles, meters, a folder; at rest between blocks.
final class BusRun implements AutoCloseable {

    private final Assembly assembly;
    private final BlockingQueue<Report> reports = new LinkedBlockingQueue<>();
    private long step;

    /// @param path of the run's folder; made
    BusRun(RunConfig config, Dataset dataset, Path path) {
        assembly = new Assembly(RunFolder.create(path, config.toJson()), config, dataset, "bench");
        assembly.bus().listen(Addresses.REPORTS, Report.class, reports::add);
        Assembly.await(assembly.trainer().start(true));
    }

    /// Plays that many turns, and before them as many as make the last of them the one that reports, on the mean of all of them; the time
    /// of saving afterwards is not theirs.
    double millisPerTurn(int turns) {
        Assembly.await(assembly.bus().ask(new Command.Edit(Map.of("report.every", IntNode.valueOf(turns)))));
        if (step % turns > 0) {
            play((int) (turns - step % turns));
        }
        play(turns);
        try {
            var report = reports.take();
            while (report.step() < step) {
                report = reports.take();
            }
            return report.value(Metric.TURN_MILLIS).orElseThrow();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private void play(int turns) {
        Assembly.await(assembly.bus().ask(new Command.Step(turns)));
        step += turns;
    }

    @Override
    public void close() {
        assembly.close();
    }
}
