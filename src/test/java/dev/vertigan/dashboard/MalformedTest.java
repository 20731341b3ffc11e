package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests and frames that no client should send: whoever sends them is told what is wrong with them.
class MalformedTest {

    private static final int RESERVED_BIT = 0x40;
    private static Dashboard dashboard;

    @BeforeAll
    static void start() {
        dashboard = new Dashboard();
    }

    @AfterAll
    static void stop() {
        dashboard.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%", "/%zz", "/a%2", "/%%%", "/health/%", "/api/samples/%", "/api/samples/%zz.png", "/%/../api/run", "*", "\\",
        "api/run", "%2f"})
    void aTargetThatIsNoPathIsABadRequest(String target) {
        for (var method : new String[] {"GET", "POST", "OPTIONS"}) {
            String answer = new RawRequest(method, target).send(dashboard.port);
            assertEquals(400, RawRequest.status(answer), () -> method + " " + target + ": " + answer);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/%ff", "/%00", "/api/samples/%ff.png", "/api/samples/%00.png", "/?token=%", "/api/history?since=%", "/api/history?%=1&&=&;",
                "/;%25", "/api/run?" + "a", "//", "http://", "http://evil.example", "http://%", "http://[::1", "http:///api/run"})
    void oddTargetsAreNotTheServersFault(String target) {
        for (var method : new String[] {"GET", "POST", "OPTIONS", "TRACE", "FOO"}) {
            String answer = new RawRequest(method, target).send(dashboard.port);
            assertTrue(RawRequest.status(answer) / 100 < 5, () -> method + " " + target + ": " + answer);
        }
    }

    private static Arguments closed(int code, String why, byte[]... frames) {
        return Arguments.of(code, why, frames);
    }

    private static byte[] text(String text) {
        return RawSocket.frame(RawSocket.FINAL | RawSocket.TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    static Stream<Arguments> frames() {
        int last = RawSocket.FINAL;
        return Stream.of(closed(1002, "no mask", bytes(last | RawSocket.TEXT, 1, 'a')),
                closed(1002, "a reserved bit", RawSocket.frame(last | RESERVED_BIT | RawSocket.TEXT, bytes('a'))),
                closed(1002, "a reserved opcode", RawSocket.frame(last | 3, bytes('a'))),
                closed(1002, "a reserved control opcode", RawSocket.frame(last | 11, bytes())),
                closed(1002, "a ping in parts", RawSocket.frame(RawSocket.PING, bytes())),
                closed(1002, "a long ping", RawSocket.frame(last | RawSocket.PING, new byte[126])),
                closed(1002, "an end without a begin", RawSocket.frame(last | RawSocket.CONTINUATION, bytes('a'))),
                closed(1002, "two begins", RawSocket.frame(RawSocket.TEXT, bytes('a')), RawSocket.frame(RawSocket.TEXT, bytes('a'))),
                closed(1002, "half a close code", RawSocket.frame(last | RawSocket.CLOSE, bytes(3))),
                closed(1002, "a close code nobody may send", RawSocket.frame(last | RawSocket.CLOSE, bytes(3, 237))),
                closed(1007, "no UTF-8", RawSocket.frame(last | RawSocket.TEXT, bytes(0xc3, 0x28))),
                closed(1007, "no UTF-8 over two frames", RawSocket.frame(RawSocket.TEXT, bytes('a', 0xe2, 0x82)), RawSocket.frame(last, bytes('a'))),
                closed(1007, "a reason that is no UTF-8", RawSocket.frame(last | RawSocket.CLOSE, bytes(3, 232, 0xc3, 0x28))),
                closed(1003, "binary", RawSocket.frame(last | RawSocket.BINARY, bytes('a'))),
                closed(1008, "no acknowledgement", text("hello")),
                closed(1009, "a long text", text("a".repeat(5000))),
                closed(1009, "a frame announced as huge", bytes(last | RawSocket.TEXT, 0xff, 0, 0, 0, 0, 0x10, 0, 0, 0)),
                closed(1000, "goodbye", RawSocket.frame(last | RawSocket.CLOSE, bytes(3, 232))));
    }

    @ParameterizedTest(name = "{0} for {1}")
    @MethodSource("frames")
    void everyMistakeHasItsCode(int code, String why, byte[]... frames) throws IOException {
        try (var socket = new RawSocket(dashboard.port)) {
            for (var frame : frames) {
                socket.write(frame);
            }
            assertEquals(code, socket.closeCode(), why);
        }
    }
}
