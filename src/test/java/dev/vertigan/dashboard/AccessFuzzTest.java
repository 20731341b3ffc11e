package dev.vertigan.dashboard;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/// Whatever bytes a client sends: without the token nothing answers but what is open, nothing reaches the run, and the server goes on.
@Tag("fuzz")
class AccessFuzzTest {

    private static final Pattern SHOWN = Pattern.compile("HTTP/1\\.1 [23]\\d\\d");
    private static final Pattern OPEN = Pattern
            .compile("\\{\"live\":true}|\\{\"ready\":|content-type: text/css|content-type: image/svg|HTTP/1\\.1 304");
    private static final AccessRules WILDCARD = new AccessRules(Dashboard.at("0.0.0.0", 8080, "token", "https://gan.example.org/gan/"));
    private static Dashboard locked;
    private static Dashboard unlocked;

    @BeforeAll
    static void start() {
        locked = new Dashboard(Dashboard.at("127.0.0.1", 0, "a token that nobody guesses"), LiveLimits.DEFAULT);
        unlocked = new Dashboard();
    }

    @AfterAll
    static void stop() {
        locked.close();
        unlocked.close();
    }

    private static String converse(int port, byte[] bytes) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketException reset) {
            return "";
        }
    }

    @FuzzTest(maxDuration = "5m")
    void requests(byte[] data) throws IOException {
        String answer = converse(locked.port, data);
        if (answer.contains("HTTP/1.1 5") || SHOWN.matcher(answer).results().count() > OPEN.matcher(answer).results().count()) {
            throw new AssertionError(answer);
        }
        if (!locked.commands.isEmpty()) {
            throw new AssertionError("reached the run: " + locked.commands);
        }
    }

    @FuzzTest(maxDuration = "5m")
    void frames(byte[] data) throws IOException {
        try (var socket = new RawSocket(unlocked.port)) {
            socket.write(data);
            socket.end();
        } catch (SocketException cutOff) {
            // By a server that has heard enough.
        }
        if (!unlocked.commands.isEmpty()) {
            throw new AssertionError("reached the run: " + unlocked.commands);
        }
    }

    /// What passes is a name of the server or an IP address, as a reader of URIs that is not ours sees it.
    @FuzzTest(maxDuration = "5m")
    void hosts(byte[] data) {
        String host = new String(data, StandardCharsets.UTF_8);
        try {
            WILDCARD.checkHost(List.of(host));
        } catch (HttpFailure refused) {
            return;
        }
        String name = String.valueOf(URI.create("http://" + host.toLowerCase(java.util.Locale.ROOT) + "/").getHost());
        if (!name.matches("localhost|gan\\.example\\.org|[0-9a-fx.]+|\\[[0-9a-f:.]+]")) {
            throw new AssertionError(host + " is read as " + name);
        }
    }
}
