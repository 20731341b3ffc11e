package dev.vertigan.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.Failure;
import dev.vertigan.bus.StateRequest.BeginBranch;
import dev.vertigan.bus.StateRequest.Done;
import dev.vertigan.bus.StateRequest.Load;
import dev.vertigan.bus.StateRequest.Loaded;
import dev.vertigan.bus.StateRequest.Note;
import dev.vertigan.bus.StateRequest.Save;
import dev.vertigan.bus.StateRequest.Saved;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.run.Checkpoint;
import dev.vertigan.run.Journal;
import dev.vertigan.run.NonFiniteValue;
import dev.vertigan.run.Retention;
import dev.vertigan.run.RunFolder;
import dev.vertigan.values.Picture;
import dev.vertigan.values.Report;
import dev.vertigan.values.Scene;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves the run's folder on a thread that may wait for the disk: in order, so that a checkpoint finds all reports before it written.
final class ArchiveVerticle extends VerticleBase {

    private static final long MEGABYTE = 1_000_000;
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveVerticle.class);

    private final Bus bus;
    private final RunFolder folder;
    private final RunConfig config;
    private final Retention retention;

    ArchiveVerticle(Bus bus, RunFolder folder, RunConfig config) {
        this.bus = bus;
        this.folder = folder;
        this.config = config;
        retention = retention(config.checkpoint());
    }

    /// Which checkpoints a run of that configuration keeps.
    static Retention retention(RunConfig.Checkpoints config) {
        return new Retention(config.keep(), config.budget() * MEGABYTE);
    }

    @Override
    public Future<?> start() {
        bus.serve(Save.class, this::save);
        bus.serve(Load.class, _ -> load());
        bus.serve(BeginBranch.class, this::branch);
        bus.serve(Note.class, this::note);
        bus.listen(Addresses.REPORTS, Report.class, report -> attempt(() -> folder.report(report)));
        bus.listen(Addresses.PICTURES, Picture.class, this::keep);
        bus.listen(Addresses.SCENES, Scene.class, scene -> attempt(() -> folder.saveScene(scene, config.samples().budget() * MEGABYTE)));
        return Future.succeededFuture();
    }

    /// Of the data, only what the first picture shows of them.
    private void keep(Picture picture) {
        if (picture.source() == Picture.Source.FAKE || picture.step() == 0) {
            attempt(() -> folder.saveSample(picture, config.samples().budget() * MEGABYTE));
        }
    }

    /// Nobody waits for reports and pictures: that one is lost is no reason to fail.
    private static void attempt(Runnable keeping) {
        try {
            keeping.run();
        } catch (UserError e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    private Saved save(Save request) {
        var metadata = new TreeMap<>(request.metadata());
        metadata.put(Checkpoint.CONFIG_SHA256, config.hash());
        metadata.put(Checkpoint.JOURNAL_POSITION, Integer.toString(folder.journal().position()));
        var checkpoint = checkpoint(request, metadata);
        folder.save(checkpoint, retention);
        return new Saved(request.step(), checkpoint.sha256());
    }

    private static Checkpoint checkpoint(Save request, Map<String, String> metadata) {
        try {
            return new Checkpoint(request.step(), request.tensors(), metadata);
        } catch (NonFiniteValue e) {
            throw Failure.nonFinite(e.step(), e.getMessage());
        }
    }

    private Loaded load() {
        var checkpoint = folder.recover().checkpoint()
                .orElseThrow(() -> new UserError(folder.path() + ": expected a checkpoint to go back to, found none"));
        folder.rewindTo(checkpoint.step());
        return new Loaded(checkpoint.step(), checkpoint.tensors(), checkpoint.metadata());
    }

    private Loaded branch(BeginBranch request) {
        var details = JsonNodeFactory.instance.objectNode().put("from", request.from()).put("reason", request.reason());
        var checkpoint = folder.branch(request.step(), request.branch(), details);
        return new Loaded(checkpoint.step(), checkpoint.tensors(), checkpoint.metadata());
    }

    private Done note(Note request) {
        var kind = Journal.Kind.valueOf(request.kind().toUpperCase(Locale.ROOT));
        folder.journal().append(request.step(), kind, details(request.details()));
        return new Done();
    }

    private static ObjectNode details(Map<String, JsonNode> details) {
        var node = JsonNodeFactory.instance.objectNode();
        details.forEach(node::set);
        return node;
    }
}
