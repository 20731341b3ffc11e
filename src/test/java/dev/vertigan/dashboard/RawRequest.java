package dev.vertigan.dashboard;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// A request written byte by byte, for all that a client library would put right before it is sent.
///
/// @param target as it stands in the request line: unescaped, not normalised
record RawRequest(String method, String target, Map<String, String> headers, String body) {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    RawRequest(String method, String target) {
        this(method, target, Map.of(), "");
    }

    RawRequest upgrading() {
        return with(Map.of("Connection", "Upgrade", "Upgrade", "websocket", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key",
                "dGhlIHNhbXBsZSBub25jZQ=="));
    }

    RawRequest with(Map<String, String> more) {
        var all = new TreeMap<>(headers);
        all.putAll(more);
        return new RawRequest(method, target, all, body);
    }

    /// Status line, headers and body, or as much of them as came before the end; after an upgrade, no more than the head.
    String send(int port) {
        var answer = new StringBuilder();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(text(port).getBytes(StandardCharsets.ISO_8859_1));
            var in = socket.getInputStream();
            byte[] some = new byte[16 * 1024];
            while (!isWhole(answer)) {
                int count = in.read(some);
                if (count < 0) {
                    break;
                }
                answer.append(new String(some, 0, count, StandardCharsets.ISO_8859_1));
            }
            return answer.toString();
        } catch (SocketTimeoutException late) {
            throw new AssertionError("no whole answer to " + this + ": " + answer, late);
        } catch (IOException e) {
            throw new UncheckedIOException(toString(), e);
        }
    }

    private static boolean isWhole(CharSequence answer) {
        String[] parts = answer.toString().split("\r\n\r\n", 2);
        if (parts.length < 2) {
            return false;
        }
        var length = LENGTH.matcher(parts[0]);
        return length.find() ? parts[1].length() >= Integer.parseInt(length.group(1)) : parts[0].startsWith("HTTP/1.1 101");
    }

    static int status(String answer) {
        return answer.isEmpty() ? 0 : Integer.parseInt(answer.split(" ", 3)[1]);
    }

    private String text(int port) {
        var all = new TreeMap<>(Map.of("Host", "127.0.0.1:" + port, "Connection", "close"));
        all.putAll(headers);
        if (!body.isEmpty()) {
            all.put("Content-Length", String.valueOf(body.length()));
        }
        var text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        all.forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        return text.append("\r\n").append(body).toString();
    }
}
