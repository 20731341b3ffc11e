package dev.vertigan.dashboard;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Serves the pages from the class path: `web/` at `/`, the chart library at `/lib/`. Each file is read once and kept.
final class StaticFiles {

    /// Where the chart library's jar keeps its browser builds.
    private static final String LIBRARY = "META-INF/resources/_static/echarts/6.0.0/dist/";
    private static final String LIBRARY_PATH = "/lib/";

    private static final List<String> OPEN = List.of("/favicon.svg", "/style/tokens.css", "/style/dark.css", "/style/base.css",
            "/style/token-page.css");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "mjs", "text/javascript; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "woff2", "font/woff2");

    /// Names that begin with a letter or digit, so that no path climbs out; the last one with a known ending.
    private static final Pattern PATH = Pattern.compile("/(?:[\\w][\\w.-]*/)*[\\w][\\w.-]*\\.(" + String.join("|", TYPES.keySet()) + ")");

    private static final String PAGE = "/index.html";
    private static final String MAIN = "/app/main.js";
    private static final String MAIN_SCRIPT = "<script type=\"module\" src=\"" + MAIN.substring(1) + "\">";
    private static final String REST = "/app/rest.js";
    private static final String SHEET = "/style.css";
    private static final Pattern SHEETS = Pattern.compile("(?:<link rel=\"stylesheet\" href=\"[^\"]+\">\\s*)+");
    private static final Pattern LINKED = Pattern.compile("href=\"([^\"]+)\"");
    private static final Pattern IMPORT = Pattern.compile("(?m)^(?:import\\b|export\\b|\\}|const \\w+ = import\\()[^'\\n]*'(\\.[^']+\\.js)'");
    private static final Pattern TEXTS = Pattern.compile("^text/|json|svg");

    private final Vertx vertx;
    private final String root;
    private final Map<String, CachedBody> files = new ConcurrentHashMap<>();

    /// @param root a folder of the class path, ending in `/`
    StaticFiles(Vertx vertx, String root) {
        this.vertx = vertx;
        this.root = root;
    }

    /// What the page needs that asks for the token.
    void mountOpen(Router open) {
        OPEN.forEach(path -> Failures.only(open, HttpMethod.GET, path).handler(this::serve));
    }

    void mount(Router router) {
        router.get().handler(this::serve);
        router.head().handler(this::serve);
        router.route().handler(context -> {
            if (context.normalizedPath().startsWith("/api/")) {
                context.fail(404);
            } else {
                Failures.wrongMethod(context, "GET, HEAD");
            }
        });
    }

    private void serve(RoutingContext context) {
        String asked = context.normalizedPath();
        String path = asked.equals("/") ? PAGE : asked;
        var known = Optional.ofNullable(files.get(path));
        if (known.isPresent()) {
            known.get().send(context);
            return;
        }
        var matched = PATH.matcher(path);
        if (!matched.matches()) {
            context.fail(404);
            return;
        }
        vertx.executeBlocking(() -> read(path, Objects.requireNonNull(TYPES.get(matched.group(1)))), false)
                .onSuccess(file -> file.ifPresentOrElse(body -> body.send(context), () -> context.fail(404)))
                .onFailure(context::fail);
    }

    private Optional<CachedBody> read(String path, String type) {
        var content = switch (path) {
            case PAGE -> bytes(path).map(this::asServed);
            case SHEET -> bytes(PAGE).map(this::sheets);
            default -> bytes(path);
        };
        var file = content.map(bytes -> TEXTS.matcher(type).find() ? CachedBody.text(bytes, type) : new CachedBody(Buffer.buffer(bytes), type));
        file.ifPresent(body -> files.put(path, body));
        return file;
    }

    private Optional<byte[]> bytes(String path) {
        String resource = path.startsWith(LIBRARY_PATH) ? LIBRARY + path.substring(LIBRARY_PATH.length()) : root + path.substring(1);
        try (var stream = StaticFiles.class.getClassLoader().getResourceAsStream(resource)) {
            return stream == null ? Optional.empty() : Optional.of(stream.readAllBytes());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(resource, unreadable);
        }
    }

    /// The page as a browser needs few requests for it, and none that waits for another: one style sheet in place of many, and all modules named
    /// ahead: those that the curves need, and in a template those that it asks for once they are drawn. In the page itself: a reverse proxy takes no
    /// more than some 4 kB of headers.
    private byte[] asServed(byte[] page) {
        var first = modules(MAIN);
        var rest = modules(REST);
        rest.removeAll(first);
        String links = preloads(first) + "<template id=\"later\">\n  " + preloads(rest) + "</template>\n  ";
        String joined = SHEETS.matcher(text(page)).replaceFirst("<link rel=\"stylesheet\" href=\"" + SHEET.substring(1) + "\">\n  ");
        return joined.replace(MAIN_SCRIPT, links + MAIN_SCRIPT).getBytes(StandardCharsets.UTF_8);
    }

    private static String preloads(Set<String> modules) {
        return modules.stream().map(path -> "<link rel=\"modulepreload\" href=\"" + path.substring(1) + "\">\n  ").collect(Collectors.joining());
    }

    /// The page's style sheets in their order, but for those that hold only at times.
    private byte[] sheets(byte[] page) {
        return SHEETS.matcher(text(page)).results().map(MatchResult::group).flatMap(links -> LINKED.matcher(links).results())
                .map(link -> bytes("/" + link.group(1)).map(StaticFiles::text).orElseThrow()).collect(Collectors.joining("\n"))
                .getBytes(StandardCharsets.UTF_8);
    }

    /// A module and all that it imports, the largest first: the chart library.
    private Set<String> modules(String module) {
        var found = new LinkedHashSet<>(List.of(module));
        var unread = new ArrayDeque<>(found);
        while (!unread.isEmpty()) {
            String path = unread.remove();
            String script = path.startsWith(LIBRARY_PATH) ? "" : bytes(path).map(StaticFiles::text).orElse("");
            IMPORT.matcher(script).results().map(imported -> URI.create(path).resolve(imported.group(1)).getPath()).filter(found::add)
                    .forEach(unread::add);
        }
        return found.stream().sorted(Comparator.comparing(path -> !path.startsWith(LIBRARY_PATH)))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
