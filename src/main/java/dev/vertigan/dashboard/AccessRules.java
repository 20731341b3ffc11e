package dev.vertigan.dashboard;

import dev.vertigan.config.RunConfig;
import dev.vertigan.config.UserError;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Who may use the dashboard.
///
/// - *Host*: only the names of the bound address, else any web page could reach a loopback server by letting its own
///   name resolve to 127.0.0.1 (DNS rebinding). A wildcard address has names nobody here knows; there the token, which
///   a foreign name's cookie jar does not hold, does that job.
/// - *Origin*: absent (no browser, or nothing cross-site) or the very host asked.
/// - *Token*, if there is one; required on every address but loopback.
final class AccessRules {

    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private final Set<String> names;
    private final boolean anyName;
    private final Optional<byte[]> token;
    private final Optional<String> cookie;

    /// @throws UserError if the address is not loopback and there is no token
    AccessRules(RunConfig.Dashboard config) {
        String host = bracketed(config.host().toLowerCase(Locale.ROOT));
        var address = literal(config.host());
        boolean loopback = address.map(InetAddress::isLoopbackAddress).orElse(host.equals("localhost"));
        if (!loopback && config.token().isEmpty()) {
            throw new UserError("dashboard.host " + config.host() + " can be reached by others, so it needs dashboard.token: give one with "
                    + "--set dashboard.token=..., or keep to this machine with --set dashboard.host=127.0.0.1");
        }
        anyName = address.map(InetAddress::isAnyLocalAddress).orElse(false);
        names = LOOPBACK_NAMES.contains(host) ? LOOPBACK_NAMES : Set.of("localhost", "127.0.0.1", "[::1]", host);
        token = Optional.of(config.token()).filter(text -> !text.isEmpty()).map(AccessRules::digest);
        // What a browser keeps is not the token itself: cookies are shown to every port of a host.
        cookie = token.map(digest -> HexFormat.of().formatHex(digest("cookie of " + HexFormat.of().formatHex(digest))));
    }

    /// The address that opens the page in a browser of this machine, token and all.
    static String page(RunConfig.Dashboard config, int port) {
        String host = literal(config.host()).filter(InetAddress::isAnyLocalAddress)
                .map(any -> any instanceof Inet6Address ? "::1" : "127.0.0.1") // a wildcard is no address to go to
                .orElse(config.host());
        String token = config.token().isEmpty() ? "" : "/?token=" + URLEncoder.encode(config.token(), StandardCharsets.UTF_8);
        return String.format(Locale.ROOT, "http://%s:%d%s", bracketed(host), port, token);
    }

    /// What a browser is to keep once it has shown the token; empty if none is asked.
    Optional<String> cookie() {
        return cookie;
    }

    /// @param hosts values of the request's Host headers
    /// @param port the one that the request came in at
    /// @throws HttpFailure 403
    void checkHost(List<String> hosts, int port) {
        String host = hosts.size() == 1 ? hosts.getFirst().toLowerCase(Locale.ROOT) : "";
        int colon = host.lastIndexOf(':');
        boolean hasPort = colon > host.lastIndexOf(']');
        String name = hasPort ? host.substring(0, colon) : host;
        String asked = hasPort ? host.substring(colon + 1) : "80";
        if (host.isEmpty() || !anyName && !(names.contains(name) && asked.equals(String.valueOf(port)))) {
            throw new HttpFailure(403, "Host " + (host.isEmpty() ? "is missing" : host + " is not a name of this server") + ": use "
                    + String.join(" or ", names.stream().sorted().map(known -> known + ":" + port).toList())
                    + ", or set dashboard.host to the name");
        }
    }

    /// @param origins values of the request's Origin headers
    /// @param host the checked Host header
    /// @throws HttpFailure 403
    void checkOrigin(List<String> origins, String host) {
        boolean same = origins.stream().allMatch(origin -> origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host));
        if (!same) {
            throw new HttpFailure(403, "Origin " + String.join(", ", origins) + " is not this server's: only its own pages may use it");
        }
    }

    /// @param authorizations values of the request's Authorization headers
    /// @param cookies values of this server's cookie
    /// @throws HttpFailure 401
    void checkToken(List<String> authorizations, List<String> cookies) {
        boolean shown = token.isEmpty()
                || authorizations.stream().anyMatch(value -> value.regionMatches(true, 0, "Bearer ", 0, 7) && isToken(value.substring(7).strip()))
                || cookies.stream().anyMatch(value -> equal(digest(value), digest(cookie.orElseThrow())));
        if (!shown) {
            throw new HttpFailure(401, "the token is missing or wrong: send Authorization: Bearer TOKEN, or open the page once as /?token=TOKEN");
        }
    }

    /// False also if no token is asked.
    boolean isToken(String text) {
        return token.filter(expected -> equal(digest(text), expected)).isPresent();
    }

    private static boolean equal(byte[] a, byte[] b) {
        return MessageDigest.isEqual(a, b);
    }

    /// Texts are compared by their digests, in constant time, so that the time taken tells neither content nor length.
    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException name) {
            return Optional.empty();
        }
    }

    private static String bracketed(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
