package dev.vertigan.dashboard;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.file.CopyOptions;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// Takes data of one's own, file by file, to begin a run with: `PUT /api/uploads/SET/FILE`.
final class UploadRoutes {

    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,119}\\.(?i:png|jpe?g|webp|bmp|npy|npz|csv|zip)");
    private static final long MOST_BYTES = 1L << 30; // of a file
    private static final long SPARED = 1L << 30; // bytes left free on the disk, for the runs

    private final Vertx vertx;
    private final Path folder;
    private final AtomicLong parts = new AtomicLong();

    /// @param folder of all sets; made when the first comes
    UploadRoutes(Vertx vertx, Path folder) {
        this.vertx = vertx;
        this.folder = folder;
    }

    void mount(Router router) {
        Failures.only(router, HttpMethod.PUT, "/api/uploads/:set/:file").handler(this::take);
    }

    private void take(RoutingContext context) {
        String set = RunsRoutes.folderName(String.valueOf(context.pathParam("set")), "set");
        String file = String.valueOf(context.pathParam("file"));
        if (!FILE.matcher(file).matches()) {
            throw HttpFailure.problems(List.of("expected a file that ends in .png, .jpg, .webp, .bmp, .npy, .npz, .csv or .zip, its name of letters, "
                    + "digits, dots, dashes and underscores, found \"" + file + "\""));
        }
        long length = length(context.request());
        var request = context.request();
        request.pause(); // until there is a file to write to
        var target = folder.resolve(set).resolve(file);
        var part = target.resolveSibling("." + file + "." + parts.incrementAndGet() + ".part");
        vertx.executeBlocking(() -> room(target, length), false)
                .compose(_ -> vertx.fileSystem().open(part.toString(), new OpenOptions().setCreate(true).setTruncateExisting(true)))
                .compose(request::pipeTo)
                .compose(_ -> vertx.fileSystem().move(part.toString(), target.toString(),
                        new CopyOptions().setReplaceExisting(true).setAtomicMove(true)))
                .onSuccess(_ -> context.response().setStatusCode(201).putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                        .end(new JsonObject().put("set", set).put("file", file).put("bytes", length).encode()))
                .onFailure(cause -> discard(part).onComplete(_ -> context.fail(cause)));
    }

    private static long length(HttpServerRequest request) {
        String told = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (told == null || !told.matches("\\d{1,18}")) {
            throw new HttpFailure(411, "expected the length of the file as the header Content-Length, found none");
        }
        long length = Long.parseLong(told);
        if (length == 0 || length > MOST_BYTES) {
            throw new HttpFailure(413, String.format(Locale.ROOT, "expected a file of 1 to %,d bytes, found %,d", MOST_BYTES, length));
        }
        return length;
    }

    private static Path room(Path target, long length) throws IOException {
        var set = Files.createDirectories(target.getParent());
        requireRoom(Files.getFileStore(set).getUsableSpace(), length);
        return set;
    }

    /// @param free bytes on the disk
    static void requireRoom(long free, long length) {
        if (free - length < SPARED) {
            throw new HttpFailure(507, String.format(Locale.ROOT, "expected room for %,d bytes and %,d to spare, found %,d: make room on the disk",
                    length, SPARED, free));
        }
    }

    private Future<Void> discard(Path part) {
        return vertx.fileSystem().delete(part.toString());
    }
}
