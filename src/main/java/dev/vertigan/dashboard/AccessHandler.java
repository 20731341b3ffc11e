package dev.vertigan.dashboard;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.function.Consumer;

/// What every request passes first: security headers, then [AccessRules].
///
/// Open without a token is what was mounted as open, whatever else the router serves and however a path is spelled: the router that
/// answers is the one that decides, so no second reading of the path can differ from its own.
final class AccessHandler {

    private static final String POLICY = String.join("; ", "default-src 'self'", "img-src 'self' blob: data:", "style-src 'self'",
            "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'");

    private final AccessRules rules;
    private final TokenPage page;

    AccessHandler(AccessRules rules, TokenPage page) {
        this.rules = rules;
        this.page = page;
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
                .putHeader("Referrer-Policy", "same-origin") // with no-referrer, a form would send Origin: null
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
        rules.checkHost(context.request().headers().getAll(HttpHeaders.HOST));
        rules.checkOrigin(context.request());
        context.next();
    }

    private void checkToken(RoutingContext context) {
        boolean atPage = context.normalizedPath().equals("/");
        var shown = atPage ? context.queryParam("token") : List.<String>of();
        if (shown.stream().anyMatch(rules::isToken)) {
            page.enter(context);
        } else if (rules.admits(context.request().headers().getAll(HttpHeaders.AUTHORIZATION),
                context.request().cookies(TokenPage.cookieName(context)).stream().map(Cookie::getValue).toList())) {
            context.next();
        } else if (atPage && readsHtml(context)) {
            page.show(context, !shown.isEmpty());
        } else {
            throw new HttpFailure(401, "the token is missing or wrong: send Authorization: Bearer TOKEN, or open the page once as /?token=TOKEN");
        }
    }

    private static boolean readsHtml(RoutingContext context) {
        return context.parsedHeaders().accept().stream().anyMatch(type -> type.component().equals("text") && type.subComponent().equals("html"));
    }
}
