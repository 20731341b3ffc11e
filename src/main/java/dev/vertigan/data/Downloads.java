package dev.vertigan.data;

import dev.vertigan.config.Sha256;
import dev.vertigan.config.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches files that are known by size and SHA-256: to a temporary file in the target's folder, verified, forced to disk, then
/// renamed, so that a file of the right name is always whole.
public final class Downloads {

    /// One file and where it can be had.
    ///
    /// @param sha256 of the file, hexadecimal
    /// @param sources tried in order
    public record RemoteFile(String name, long bytes, String sha256, List<URI> sources) {}

    /// Told how far a download or the reading of a large file is, from the thread that asked for it; `done` falls back to 0 when the
    /// next source is tried.
    @FunctionalInterface
    public interface Progress {

        Progress NONE = (what, done, total) -> {};

        /// Of those for whom only files on the disk are good enough: nothing is downloaded.
        Progress ONLY_LOCAL = new Progress() {

            @Override
            public void update(String what, long done, long total) {}

            @Override
            public boolean mayDownload() {
                return false;
            }
        };

        /// `done` of `total` bytes are through with.
        ///
        /// @param what is being done, as in `downloading t10k-images-idx3-ubyte.gz`
        void update(String what, long done, long total);

        /// Whether what is not on the disk may be downloaded.
        default boolean mayDownload() {
            return true;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Downloads.class);
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final long POLL_MILLIS = 100;

    private final Duration stalled;

    public Downloads() {
        this(Duration.ofSeconds(30));
    }

    /// @param stalled how long a source may send nothing before the next is tried
    Downloads(Duration stalled) {
        this.stalled = stalled;
    }

    /// Fetches `file` into `folder`, which is made if it is absent, and returns where it lies.
    ///
    /// @throws UserError if no source gives it, saying why each did not and how to put it there by hand; or by [Progress#ONLY_LOCAL]
    public Path fetch(RemoteFile file, Path folder, Progress progress) {
        if (!progress.mayDownload()) {
            throw new UserError(file.name() + ": expected in " + folder + ", found none, and nothing is to be downloaded");
        }
        Path temporary = temporaryFile(file, folder);
        var failures = new ArrayList<String>();
        var client = HttpClient.newBuilder().connectTimeout(CONNECT).followRedirects(HttpClient.Redirect.NORMAL).build();
        try {
            for (URI source : file.sources()) {
                try {
                    transfer(client, file, source, temporary, progress);
                    return Files.move(temporary, folder.resolve(file.name()), StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException e) {
                    LOG.info("{}: {}", source, describe(e));
                    failures.add("  " + source + ": " + describe(e));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new UserError(file.name() + ": the download was interrupted; start again to repeat it.", e);
                }
            }
            throw new UserError(String.format(Locale.ROOT,
                    "%s could not be downloaded:%n%s%nFetch it by hand from one of these (%d bytes, SHA-256 %s) and put it into %s", file.name(),
                    String.join(System.lineSeparator(), failures), file.bytes(), file.sha256(), folder));
        } finally {
            client.shutdownNow();
            discard(temporary);
        }
    }

    /// What to tell of a file that can be downloaded again.
    ///
    /// @param problem what was expected and what was found in it
    static UserError bad(Path file, String problem) {
        return new UserError(
                String.format(Locale.ROOT, "%s: %s. Remove it so that it is downloaded again, or put a good copy in its place.", file, problem));
    }

    private static Path temporaryFile(RemoteFile file, Path folder) {
        try {
            Files.createDirectories(folder);
            Path temporary = Files.createFile(folder.resolve(file.name() + "." + UUID.randomUUID() + ".part"));
            temporary.toFile().deleteOnExit(); // also when the program is stopped half way
            return temporary;
        } catch (IOException e) {
            throw new UserError(String.format(Locale.ROOT,
                    "%s: cannot be written to (%s), so %s cannot be downloaded. Choose another folder with data.dir or VERTIGAN_DATA.", folder, e,
                    file.name()), e);
        }
    }

    private static void discard(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            LOG.warn("{}: a left-over of a download, cannot be removed: {}", temporary, e.toString());
        }
    }

    private void transfer(HttpClient client, RemoteFile file, URI source, Path temporary, Progress progress)
            throws IOException, InterruptedException {
        var digest = Sha256.digest();
        var arrived = new AtomicLong();
        try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            BodyHandler<Void> body = head -> head.statusCode() != 200 ? BodySubscribers.replacing(null) : BodySubscribers.ofByteArrayConsumer(
                    part -> part.ifPresent(bytes -> store(bytes, file, channel, digest, arrived)));
            int status = await(client.sendAsync(HttpRequest.newBuilder(source).build(), body), file, arrived, progress).statusCode();
            if (status != 200) {
                throw new IOException("expected HTTP status 200, found " + status);
            }
            verify(file, arrived.get(), HexFormat.of().formatHex(digest.digest()));
            channel.force(true);
        }
        progress.update("downloading " + file.name(), file.bytes(), file.bytes());
    }

    /// Waits for as long as something keeps coming; a source may promise a file and then fall silent.
    private <T> T await(CompletableFuture<T> reply, RemoteFile file, AtomicLong arrived, Progress progress) throws IOException, InterruptedException {
        long before = 0;
        long quietSince = System.nanoTime();
        while (System.nanoTime() - quietSince < stalled.toNanos()) {
            try {
                return reply.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException stillComing) {
                long now = arrived.get();
                quietSince = now == before ? quietSince : System.nanoTime();
                before = now;
                progress.update("downloading " + file.name(), now, file.bytes());
            } catch (ExecutionException e) {
                throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
            }
        }
        reply.cancel(true);
        throw new IOException(String.format(Locale.ROOT, "nothing came for %d s", stalled.toSeconds()));
    }

    private static void store(byte[] bytes, RemoteFile file, FileChannel channel, MessageDigest digest, AtomicLong arrived) {
        try {
            if (arrived.addAndGet(bytes.length) > file.bytes()) {
                throw new IOException(String.format(Locale.ROOT, "expected %d bytes, found more", file.bytes()));
            }
            digest.update(bytes);
            var rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void verify(RemoteFile file, long bytes, String sha256) throws IOException {
        if (bytes != file.bytes()) {
            throw new IOException(String.format(Locale.ROOT, "expected %d bytes, found %d", file.bytes(), bytes));
        }
        if (!sha256.equals(file.sha256())) {
            throw new IOException(String.format(Locale.ROOT, "expected SHA-256 %s, found %s", file.sha256(), sha256));
        }
    }

    /// The plainest account of a failure: what the HTTP client wraps around it says less.
    private static String describe(IOException e) {
        return switch (e) {
            case HttpConnectTimeoutException _ -> String.format(Locale.ROOT, "no connection within %d s", CONNECT.toSeconds());
            case ConnectException _ -> "no connection; is this machine offline?";
            case IOException _ when e.getCause() instanceof UncheckedIOException wrapped -> describe(Objects.requireNonNull(wrapped.getCause()));
            case IOException _ when e.getCause() instanceof IOException cause && e.getMessage() == null -> describe(cause);
            default -> e.getMessage() == null ? e.toString() : e.getMessage();
        };
    }
}
