package dev.vertigan.dashboard;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/// The first handler of every request: security headers, then [AccessRules].
final class AccessHandler {

    private static final String POLICY = String.join("; ", "default-src 'self'", "img-src 'self' blob: data:", "style-src 'self'",
            "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'");

    private final AccessRules rules;

    AccessHandler(AccessRules rules) {
        this.rules = rules;
    }

    void mount(Router router) {
        router.route().handler(AccessHandler::headers).handler(this::check);
    }

    private static void headers(RoutingContext context) {
        context.response()
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
        context.next();
    }

    private void check(RoutingContext context) {
        var request = context.request();
        var headers = request.headers();
        int port = request.localAddress().port();
        rules.checkHost(headers.getAll(HttpHeaders.HOST), port);
        rules.checkOrigin(headers.getAll(HttpHeaders.ORIGIN), headers.get(HttpHeaders.HOST));
        // Two dashboards on one machine share a cookie jar, hence the port.
        String cookieName = "vertigan-" + port;
        boolean page = request.path().equals("/");
        if (page && context.queryParam("token").stream().anyMatch(rules::isToken)) {
            var cookie = Cookie.cookie(cookieName, rules.cookie().orElseThrow()).setPath("/").setHttpOnly(true).setSameSite(CookieSameSite.STRICT);
            // Elsewhere, so that the token stays out of bookmarks and screenshots.
            context.response().addCookie(cookie).setStatusCode(303).putHeader(HttpHeaders.LOCATION, "/").end();
            return;
        }
        if (!request.path().startsWith("/health/")) {
            rules.checkToken(headers.getAll(HttpHeaders.AUTHORIZATION), request.cookies(cookieName).stream().map(Cookie::getValue).toList());
        }
        context.next();
    }
}
