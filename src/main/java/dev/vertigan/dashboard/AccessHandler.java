package dev.vertigan.dashboard;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;

/// What every request passes first: security headers, then [AccessRules].
///
/// Open without a token is what was mounted as open, whatever else the router serves and however a path is spelled: the router that
/// answers is the one that decides, so no second reading of the path can differ from its own.
final class AccessHandler {

    private static final String POLICY = String.join("; ", "default-src 'self'", "img-src 'self' blob: data:", "style-src 'self'",
            "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'");

    private final AccessRules rules;

    AccessHandler(AccessRules rules) {
        this.rules = rules;
    }

    /// @param open mounts the routes that answer without a token; all that is mounted later asks for it
    void mount(Router router, Consumer<Router> open) {
        router.route().handler(AccessHandler::headers).handler(AccessHandler::checkPath).handler(this::checkSender);
        open.accept(router);
        router.route().handler(this::checkToken);
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

    private static void checkPath(RoutingContext context) {
        try {
            context.normalizedPath();
        } catch (IllegalArgumentException malformed) {
            throw new HttpFailure(400, context.request().path() + ": expected two hexadecimal digits after each %, as in %20");
        }
        context.next();
    }

    private void checkSender(RoutingContext context) {
        var request = context.request();
        var headers = request.headers();
        rules.checkHost(headers.getAll(HttpHeaders.HOST), request.localAddress().port());
        rules.checkOrigin(headers.getAll(HttpHeaders.ORIGIN), headers.get(HttpHeaders.HOST));
        context.next();
    }

    private void checkToken(RoutingContext context) {
        var request = context.request();
        // Two dashboards on one machine share a cookie jar, hence the port.
        String cookieName = "vertigan-" + request.localAddress().port();
        if (context.normalizedPath().equals("/") && context.queryParam("token").stream().anyMatch(rules::isToken)) {
            var cookie = Cookie.cookie(cookieName, rules.cookie().orElseThrow()).setPath("/").setHttpOnly(true).setSameSite(CookieSameSite.STRICT);
            // Elsewhere, so that the token stays out of bookmarks and screenshots.
            context.response().addCookie(cookie).setStatusCode(303).putHeader(HttpHeaders.LOCATION, "/").end();
            return;
        }
        rules.checkToken(request.headers().getAll(HttpHeaders.AUTHORIZATION),
                request.cookies(cookieName).stream().map(Cookie::getValue).toList());
        context.next();
    }
}
