package dev.vertigan.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.Note;
import dev.vertigan.evaluation.Detectors;
import dev.vertigan.values.Command;
import dev.vertigan.values.Finding;
import dev.vertigan.values.Report;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the reports as they come, says in journal, log and notices what is found in them, and has the best checkpoint kept.
final class WatchVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(WatchVerticle.class);

    private final Bus bus;
    private final Detectors detectors;
    private final BestCheckpoint best;

    WatchVerticle(Bus bus, Detectors detectors, BestCheckpoint best) {
        this.bus = bus;
        this.detectors = detectors;
        this.best = best;
    }

    @Override
    public Future<?> start() {
        bus.listen(Addresses.REPORTS, Report.class, report -> {
            detectors.see(report).forEach(this::tell);
            best.see(report).ifPresent(this::keep);
        });
        return Future.succeededFuture();
    }

    /// The checkpoint is of some turns after those samples. Nobody waits for it; that it cannot be written is said elsewhere.
    private void keep(Map<String, JsonNode> details) {
        bus.ask(new Command.SaveCheckpoint()).onSuccess(status -> bus.ask(new Note(status.step(), "best", details)));
    }

    private void tell(Finding finding) {
        LOG.warn("step {}: {}; {}", finding.step(), finding.message(), finding.advice());
        bus.publish(Addresses.FINDINGS, finding);
        bus.ask(new Note(finding.step(), "finding",
                Map.of("finding", TextNode.valueOf(finding.kind().name().toLowerCase(Locale.ROOT).replace('_', '-')),
                        "message", TextNode.valueOf(finding.message()))));
    }
}
