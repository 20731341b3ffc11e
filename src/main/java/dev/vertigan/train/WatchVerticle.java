package dev.vertigan.train;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.StateRequest.Note;
import dev.vertigan.evaluation.Detectors;
import dev.vertigan.values.Finding;
import dev.vertigan.values.Report;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the reports as they come, and says in journal, log and notices what is found in them.
final class WatchVerticle extends VerticleBase {

    private static final Logger LOG = LoggerFactory.getLogger(WatchVerticle.class);

    private final Bus bus;
    private final Detectors detectors;

    WatchVerticle(Bus bus, Detectors detectors) {
        this.bus = bus;
        this.detectors = detectors;
    }

    @Override
    public Future<?> start() {
        bus.listen(Addresses.REPORTS, Report.class, report -> detectors.see(report).forEach(this::tell));
        return Future.succeededFuture();
    }

    private void tell(Finding finding) {
        LOG.warn("step {}: {}; {}", finding.step(), finding.message(), finding.advice());
        bus.publish(Addresses.FINDINGS, finding);
        bus.ask(new Note(finding.step(), "finding",
                Map.of("finding", TextNode.valueOf(finding.kind().name().toLowerCase(Locale.ROOT).replace('_', '-')),
                        "message", TextNode.valueOf(finding.message()))));
    }
}
