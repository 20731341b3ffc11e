package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.Assignment;
import dev.vertigan.config.ConfigLoader;
import dev.vertigan.config.RunConfig;
import dev.vertigan.data.Datasets;
import dev.vertigan.data.Downloads;
import dev.vertigan.run.RunFolder;
import dev.vertigan.train.Assembly;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows come to a run over HTTP.
class StreamPushTest {

    private static final String TOKEN = "open sesame";

    @TempDir
    private Path temp;

    private static RunConfig config(String... settings) {
        return new ConfigLoader().load("ring-2014", Optional.empty(), Stream.concat(
                Stream.of("steps=200", "batch=16", "dashboard.port=0", "data.size=50", "data.name=stream", "data.columns=x, y", "compute.threads=1",
                        "evaluation.share=0"),
                Stream.of(settings)).map(Assignment::parse).toList());
    }

    private record Pusher(HttpClient http, String address) {

        HttpResponse<String> push(String type, byte[] body) throws IOException, InterruptedException {
            return send(type, body, TOKEN);
        }

        HttpResponse<String> send(String type, byte[] body, String token) throws IOException, InterruptedException {
            var request = HttpRequest.newBuilder(URI.create(address.replaceFirst("/?[?].*", "") + "/api/data"))
                    .header("Authorization", "Bearer " + token).header("Content-Type", type).POST(BodyPublishers.ofByteArray(body)).build();
            return http.send(request, BodyHandlers.ofString());
        }
    }

    private static byte[] json(int rows) {
        return IntStream.range(0, rows).mapToObj(i -> "[" + Math.cos(i) + ", " + Math.sin(i) + "]")
                .collect(Collectors.joining(",", "{\"rows\": [", "]}")).getBytes(StandardCharsets.UTF_8);
    }

    /// As `numpy.save` writes a float32 array.
    private static byte[] npy(int rows) {
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + rows + ", 2), }\n";
        var bytes = ByteBuffer.allocate(10 + header.length() + rows * 8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) header.length())
                .put(header.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 2 * rows; i++) {
            bytes.putFloat(i % 7 - 3);
        }
        return bytes.array();
    }

    @Test
    void rowsArePushedAndTheRunTrainsOnThem() throws IOException, InterruptedException {
        var config = config("data.stream.buffer=30", "dashboard.token=" + TOKEN);
        var dataset = Datasets.open(config.data(), Downloads.Progress.NONE);
        try (var session = new Session(RunFolder.create(temp.resolve("run"), config.toJson()), config, dataset);
                var http = HttpClient.newHttpClient()) {
            var pusher = new Pusher(http, session.start(true).orElseThrow());
            assertTrue(session.trainer().notices().toString().contains("begins when 16 rows"), session.trainer().notices()::toString);
            assertEquals(401, pusher.send("application/json", json(1), "wrong").statusCode());
            assertEquals(415, pusher.push("text/plain", json(1)).statusCode());
            assertEquals(413, pusher.push("application/json", new byte[9 << 20]).statusCode());
            for (var wrong : List.of("{\"rows\": [[1, 2, 3]]}", "{\"rows\": [[1, null]]}", "{\"row\": []}", "", "[")) {
                var refused = pusher.push("application/json", wrong.getBytes(StandardCharsets.UTF_8));
                assertEquals(400, refused.statusCode(), refused::body);
                assertTrue(refused.body().contains("expected"), refused::body);
            }
            assertEquals(400, pusher.push("application/json", json(31)).statusCode(), "never so many at once");
            var first = pusher.push("application/x-npy", npy(10));
            assertEquals("{\"rows\":10,\"total\":10,\"waiting\":10}", first.body());
            var full = pusher.push("application/json", json(21));
            assertEquals(429, full.statusCode());
            assertTrue(Integer.parseInt(full.headers().firstValue("Retry-After").orElseThrow()) > 0);
            assertEquals(200,
                    pusher.push("text/csv; charset=utf-8", "x,y\n1,2\n3,4\n5,6\n7,8\n1,3\n4,4".getBytes(StandardCharsets.UTF_8)).statusCode());
            assertTrue(Assembly.await(session.trainer().outcome()).weightsSha256().isPresent(), "it began by itself, and got to its end");
        }
    }

    @Test
    void aRunOnOtherDataTakesNone() throws IOException, InterruptedException {
        var config = config("data.name=ring", "steps=1", "dashboard.token=" + TOKEN);
        try (var session = new Session(RunFolder.create(temp.resolve("run"), config.toJson()), config,
                Datasets.open(config.data(), Downloads.Progress.NONE)); var http = HttpClient.newHttpClient()) {
            var refused = new Pusher(http, session.start(true).orElseThrow()).push("application/json", json(1));
            assertEquals(409, refused.statusCode());
            assertTrue(refused.body().contains("data.name=stream"), refused::body);
        }
    }
}
