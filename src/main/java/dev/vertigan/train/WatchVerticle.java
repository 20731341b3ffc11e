package dev.vertigan.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.Note;
import dev.vertigan.evaluation.Detectors;
import dev.vertigan.values.Command;
import dev.vertigan.values.Finding;
import dev.vertigan.values.Finding.Kind;
import dev.vertigan.values.Findings;
import dev.vertigan.values.Report;
import dev.vertigan.values.Status;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the reports as they come, says in journal, log and notices what is found in them, and does what follows from it if it is wanted: has
/// the best checkpoint kept, the run go back when modes are lost, and end when its samples get no better.
final class WatchVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(WatchVerticle.class);

    private final Bus bus;
    private final Detectors detectors;
    private final BestCheckpoint best;
    private final Patience patience;
    private List<Finding> standing = List.of(); // as last published

    WatchVerticle(Bus bus, Detectors detectors, BestCheckpoint best, Patience patience) {
        this.bus = bus;
        this.detectors = detectors;
        this.best = best;
        this.patience = patience;
    }

    @Override
    public Future<?> start() {
        bus.listen(Addresses.REPORTS, Report.class, this::see);
        bus.listen(Addresses.STATUS, Status.class, status -> patience.turns(setting(status, "evaluation.patience")));
        return Future.succeededFuture();
    }

    private void see(Report report) {
        detectors.see(report).forEach(this::tell);
        publishStanding();
        best.see(report).ifPresent(this::keep);
        patience.see(report).ifPresent(reason -> {
            LOG.info("step {}: {}", report.step(), reason);
            bus.ask(new Command.Finish(reason)); // nobody waits; a run at rest has ended already
        });
    }

    private void publishStanding() {
        if (!detectors.standing().equals(standing)) {
            standing = detectors.standing();
            bus.publish(Addresses.STANDING, new Findings(standing));
        }
    }

    /// The checkpoint is of some turns after those samples. Nobody waits for it; that it cannot be written is said elsewhere.
    private void keep(Map<String, JsonNode> details) {
        bus.ask(new Command.SaveCheckpoint()).onSuccess(status -> bus.ask(new Note(status.step(), "best", details)));
    }

    private void tell(Finding finding) {
        LOG.warn("step {}: {}; {}", finding.step(), finding.message(), finding.advice());
        bus.publish(Addresses.FINDINGS, finding);
        bus.ask(new Note(finding.step(), "finding",
                Map.of("finding", TextNode.valueOf(finding.kind().written()), "message", TextNode.valueOf(finding.message()))));
        if (finding.kind() == Kind.MODES_LOST) {
            bus.ask(new Command.GetStatus())
                    .compose(status -> setting(status, "game.branch") < setting(status, "evaluation.rollbacks") ? goBack(finding.message())
                            : Future.succeededFuture())
                    .onFailure(e -> LOG.warn("the run does not go back: {}", e.getMessage()));
        }
    }

    private Future<Void> goBack(String reason) {
        return bus.ask(new Command.RollBack(detectors.lastGood(), reason)).map(back -> {
            detectors.wentBack(back.step());
            publishStanding();
            return null;
        });
    }

    private static long setting(Status status, String path) {
        return Objects.requireNonNull(status.settings().get(path)).asLong();
    }
}
