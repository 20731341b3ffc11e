package dev.vertigan.train;

import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Bus;
import dev.vertigan.bus.Failure;
import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import dev.vertigan.data.RowForm;
import dev.vertigan.run.RunFolder;
import dev.vertigan.run.StreamLog;
import dev.vertigan.values.Command;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.Status;
import dev.vertigan.values.StreamRequest.Push;
import dev.vertigan.values.StreamRequest.Pushed;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Takes what comes for a stream, pushed or put into the watched folder, to the run's log, on a thread of its own. A run that had too little to
/// begin with begins when there is enough.
final class StreamVerticle extends VerticleBase {

    private static final long SCAN_MILLIS = 500;

    private final Bus bus;
    private final RowForm form;
    private final StreamLog log;
    private final int buffer;
    private final Optional<WatchedFolder> folder;
    private final long enough;
    private boolean waiting;
    private long step;

    /// @param waiting whether the run waits for rows to begin
    StreamVerticle(Bus bus, RunFolder run, RunConfig config, RowForm form, StreamLog log, boolean waiting) {
        this.bus = bus;
        this.form = form;
        this.log = log;
        this.buffer = config.data().stream().buffer();
        this.enough = enough(config);
        this.waiting = waiting;
        folder = Optional.of(config.data().dir()).filter(dir -> !dir.isEmpty())
                .map(dir -> new WatchedFolder(Path.of(dir), form, log, run.journal(), buffer));
    }

    /// Rows that a run begins with.
    static long enough(RunConfig config) {
        return Math.min(config.batch(), config.data().stream().buffer());
    }

    @Override
    public Future<?> start() {
        bus.serve(Push.class, this::push);
        bus.listen(Addresses.STATUS, Status.class, status -> step = status.step());
        folder.ifPresent(watched -> {
            watched.recover();
            vertx.setPeriodic(0, SCAN_MILLIS, _ -> {
                watched.scan(step);
                wake();
            });
        });
        return Future.succeededFuture();
    }

    private Pushed push(Push request) {
        var rows = read(request);
        if (rows.size() > buffer) {
            throw new Failure(FailureKind.INVALID, 0,
                    String.format(Locale.ROOT, "expected at most data.stream.buffer rows at once, %,d, found %,d", buffer, rows.size()),
                    "send fewer");
        }
        if (log.waiting() + rows.size() > buffer) {
            throw new Failure(FailureKind.FULL, 0,
                    String.format(Locale.ROOT, "%,d rows wait for the next epoch, of at most %,d", log.waiting(), buffer),
                    "send these again when it has begun");
        }
        log.append(rows);
        wake();
        return new Pushed(rows.size(), log.size(), log.waiting());
    }

    private List<byte[]> read(Push request) {
        try {
            return form.read("the body." + request.form(), request.content());
        } catch (UserError e) {
            throw new Failure(FailureKind.INVALID, 0, String.valueOf(e.getMessage()), "");
        }
    }

    private void wake() {
        if (waiting && log.size() >= enough) {
            waiting = false;
            bus.ask(new Command.Resume());
        }
    }
}
