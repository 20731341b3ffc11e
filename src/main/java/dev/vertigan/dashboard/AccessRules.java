package dev.vertigan.dashboard;

import dev.vertigan.config.RunConfig;
import dev.vertigan.config.Sha256;
import dev.vertigan.config.UserError;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Who may use the dashboard.
///
/// - *Host*: only this machine's names, the bound address's and those of `dashboard.origins`; on a wildcard address any IP address too.
///   Else any web page could reach the server by letting its own name resolve to it (DNS rebinding). Ports do not matter: a tunnel
///   has its own.
/// - *Origin*: absent (no browser, or nothing cross-site), the very host asked, or one of `dashboard.origins`.
/// - *Token*, if there is one; required on every address but loopback.
final class AccessRules {

    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final Pattern HOST = Pattern.compile("([^\\[\\]:@]+|\\[[0-9a-f:.]+])(?::\\d{1,5})?");

    private final Set<String> names;
    private final Set<String> origins;
    private final boolean anyAddress;
    private final boolean trustForwarded;
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
        anyAddress = address.map(InetAddress::isAnyLocalAddress).orElse(false);
        trustForwarded = config.trustForwarded();
        var outside = config.origins().stream().map(URI::create).toList();
        origins = outside.stream().map(AccessRules::origin).collect(Collectors.toUnmodifiableSet());
        names = Stream.of(LOOPBACK_NAMES.stream(), Stream.of(host), outside.stream().map(uri -> uri.getHost().toLowerCase(Locale.ROOT)))
                .flatMap(names -> names).collect(Collectors.toCollection(TreeSet::new));
        token = Optional.of(config.token()).filter(text -> !text.isEmpty()).map(Sha256::of);
        // What a browser keeps is not the token itself: cookies are shown to every port of a host.
        cookie = token.map(digest -> HexFormat.of().formatHex(Sha256.of("cookie of " + HexFormat.of().formatHex(digest))));
    }

    /// The address that opens the page in a browser of this machine, token and all.
    static String page(RunConfig.Dashboard config, int port) {
        String token = config.token().isEmpty() ? "" : "/?token=" + URLEncoder.encode(config.token(), StandardCharsets.UTF_8);
        return String.format(Locale.ROOT, "http://%s:%d%s", bracketed(reachable(config.host())), port, token);
    }

    /// Where this machine reaches what listens at `host`: a wildcard is no address to go to.
    static String reachable(String host) {
        return literal(host).filter(InetAddress::isAnyLocalAddress).map(any -> any instanceof Inet6Address ? "::1" : "127.0.0.1").orElse(host);
    }

    /// What a browser is to keep once it has shown the token; empty if none is asked.
    Optional<String> cookie() {
        return cookie;
    }

    /// @param hosts values of the request's Host headers
    /// @throws HttpFailure 403
    void checkHost(List<String> hosts) {
        String host = hosts.size() == 1 ? hosts.getFirst().toLowerCase(Locale.ROOT) : "";
        var parts = HOST.matcher(host);
        if (!parts.matches() || !(names.contains(parts.group(1)) || anyAddress && isAddress(parts.group(1)))) {
            throw new HttpFailure(403, "Host " + (host.isEmpty() ? "is missing" : host + " is not a name of this server") + ": use "
                    + String.join(" or ", names) + ", or name the address in the setting dashboard.origins");
        }
    }

    /// @param request whose Host is checked
    /// @throws HttpFailure 403
    void checkOrigin(HttpServerRequest request) {
        var found = request.headers().getAll(HttpHeaders.ORIGIN).stream().map(origin -> origin.toLowerCase(Locale.ROOT)).toList();
        String host = request.getHeader(HttpHeaders.HOST).toLowerCase(Locale.ROOT);
        var forwarded = forwarded(request);
        boolean own = found.stream().allMatch(origin -> origin.equals("http://" + host) || origin.equals("https://" + host)
                || origins.contains(origin) || forwarded.filter(origin::equals).isPresent());
        if (!own) {
            throw new HttpFailure(403, "Origin " + String.join(", ", found) + " is not this server's: only its own pages may use it. "
                    + "If it is where a reverse proxy shows them, name it in the setting dashboard.origins");
        }
    }

    /// Whether the browser came over TLS, as far as that is known here.
    ///
    /// @param request whose Host and Origin are checked
    boolean isSecure(HttpServerRequest request) {
        String host = request.getHeader(HttpHeaders.HOST).toLowerCase(Locale.ROOT);
        return Optional.ofNullable(request.getHeader(HttpHeaders.ORIGIN)).or(() -> forwarded(request)).map(origin -> origin.startsWith("https:"))
                .orElse(origins.contains("https://" + host) && !origins.contains("http://" + host));
    }

    private Optional<String> forwarded(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader("X-Forwarded-Host")).filter(host -> trustForwarded)
                .map(host -> (Optional.ofNullable(request.getHeader("X-Forwarded-Proto")).orElse("http") + "://" + host).toLowerCase(Locale.ROOT));
    }

    /// As a browser writes it: without a scheme's own port, and without a path.
    private static String origin(URI uri) {
        boolean ownPort = uri.getPort() < 0 || uri.getPort() == (uri.getScheme().equals("https") ? 443 : 80);
        return (uri.getScheme() + "://" + uri.getHost() + (ownPort ? "" : ":" + uri.getPort())).toLowerCase(Locale.ROOT);
    }

    private static boolean isAddress(String name) {
        return literal(name.startsWith("[") ? name.substring(1, name.length() - 1) : name).isPresent();
    }

    /// Whether the token was shown, or none is asked.
    ///
    /// @param authorizations values of the request's Authorization headers
    /// @param cookies values of this server's cookie
    boolean admits(List<String> authorizations, List<String> cookies) {
        return token.isEmpty()
                || authorizations.stream().anyMatch(value -> value.regionMatches(true, 0, "Bearer ", 0, 7) && isToken(value.substring(7).strip()))
                || cookies.stream().anyMatch(value -> equal(Sha256.of(value), Sha256.of(cookie.orElseThrow())));
    }

    /// False also if no token is asked.
    boolean isToken(String text) {
        return token.filter(expected -> equal(Sha256.of(text), expected)).isPresent();
    }

    /// Texts are compared by their digests, in constant time, so that the time taken tells neither content nor length.
    private static boolean equal(byte[] a, byte[] b) {
        return MessageDigest.isEqual(a, b);
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
