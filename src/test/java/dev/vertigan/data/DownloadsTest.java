package dev.vertigan.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Downloads.Progress;
import dev.vertigan.data.Downloads.RemoteFile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadsTest {

    @TempDir
    private Path folder;

    private final byte[] content = new byte[300_000];
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void serve() throws IOException {
        new Random(1).nextBytes(content);
        byte[] altered = content.clone();
        altered[1234]++;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        give("/right", 200, content.length, content);
        give("/altered", 200, content.length, altered);
        give("/short", 200, content.length - 1, Arrays.copyOf(content, content.length - 1));
        give("/long", 200, content.length + 1, Arrays.copyOf(content, content.length + 1));
        give("/cut", 200, content.length, Arrays.copyOf(content, 1000));
        give("/missing", 404, 9, "not found".getBytes());
        server.createContext("/stuck", exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content, 0, 1000);
            exchange.getResponseBody().flush();
            await(over);
            exchange.close();
        });
        server.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/right");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
    }

    private void give(String path, int status, long promised, byte[] body) {
        server.createContext(path, exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(status, promised);
                exchange.getResponseBody().write(body);
                exchange.getResponseBody().flush();
            } catch (IOException e) {
                // the client hung up, or less was sent than promised: both are what is tested
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        over.countDown();
        server.stop(0);
    }

    @Test
    void nothingIsDownloadedForThoseWhoWantFilesOfTheDiskOnly() throws IOException {
        var error = assertThrows(UserError.class, () -> new Downloads().fetch(remote("right"), folder, Downloads.Progress.ONLY_LOCAL));
        assertTrue(error.getMessage().startsWith("file.gz: expected in"), error.getMessage());
        assertEquals(List.of(), list(folder));
    }

    @Test
    void theRightFileArrivesWhole() throws IOException {
        var seen = new ArrayList<Long>();
        Path file = new Downloads().fetch(remote("right"), folder.resolve("made/on/the/way"), (name, done, total) -> {
            assertEquals("downloading file.gz", name);
            assertEquals(content.length, total);
            seen.add(done);
        });
        assertEquals(folder.resolve("made/on/the/way/file.gz"), file);
        assertArrayEquals(content, Files.readAllBytes(file));
        assertEquals(content.length, seen.getLast());
        assertEquals(List.of(file), list(file.getParent()), "no left-overs");
    }

    @Test
    void redirectionsAreFollowed() throws IOException {
        assertArrayEquals(content, Files.readAllBytes(new Downloads().fetch(remote("moved"), folder, Progress.NONE)));
    }

    @Test
    void theNextMirrorIsTriedWhateverIsWrongWithTheFirst() throws IOException {
        for (String bad : List.of("missing", "altered", "short", "long", "cut")) {
            Path place = Files.createDirectory(folder.resolve(bad));
            assertArrayEquals(content, Files.readAllBytes(new Downloads().fetch(remote(bad, "right"), place, Progress.NONE)), bad);
            assertEquals(1, list(place).size(), "no left-overs");
        }
    }

    @Test
    void nothingUnverifiedIsKeptAndTheMessageSaysWhatToDo() throws IOException {
        var file = remote("missing", "altered", "short", "long", "cut");
        String message = assertThrows(UserError.class, () -> new Downloads().fetch(file, folder, Progress.NONE)).getMessage();
        for (URI source : file.sources()) {
            assertTrue(message.contains(source.toString()), message);
        }
        for (String part : List.of("file.gz", "404", "expected SHA-256", "expected 300000 bytes, found 299999", "expected 300000 bytes, found more",
                "by hand", file.sha256(), folder.toString())) {
            assertTrue(message.contains(part), part + " in: " + message);
        }
        assertEquals(List.of(), list(folder));
    }

    @Test
    void aSourceThatFallsSilentIsGivenUp() throws IOException {
        var impatient = new Downloads(Duration.ofMillis(200));
        String message = assertThrows(UserError.class, () -> impatient.fetch(remote("stuck"), folder, Progress.NONE)).getMessage();
        assertTrue(message.contains("nothing came"), message);
        assertEquals(List.of(), list(folder));
    }

    @Test
    void offlineIsSaidPlainly() throws IOException {
        int closed;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        var sources = List.of(URI.create("http://127.0.0.1:" + closed + "/file.gz"), URI.create("http://no.invalid/file.gz"));
        var file = new RemoteFile("file.gz", 5, "00", sources);
        String message = assertThrows(UserError.class, () -> new Downloads().fetch(file, folder, Progress.NONE)).getMessage();
        assertEquals(2, message.split("is this machine offline", -1).length - 1, message);
        assertFalse(message.contains("Exception"), message);
    }

    @Test
    void aFolderThatCannotBeWrittenIsSaidPlainly() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        String message = assertThrows(UserError.class, () -> new Downloads().fetch(remote("right"), file.resolve("sub"), Progress.NONE)).getMessage();
        assertTrue(message.contains(file.toString()) && message.contains("data.dir"), message);
    }

    private RemoteFile remote(String... paths) {
        var sources = Arrays.stream(paths).map(path -> URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + path)).toList();
        return new RemoteFile("file.gz", content.length, sha256(content), sources);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Path> list(Path place) throws IOException {
        try (var files = Files.list(place)) {
            return files.toList();
        }
    }
}
