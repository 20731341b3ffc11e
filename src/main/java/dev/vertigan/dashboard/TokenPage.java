package dev.vertigan.dashboard;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Where a person enters the token: shown instead of the page to a browser that has not, answered by `POST /token`.
///
/// Its links and redirects are relative and its cookie has no path, so all of them hold below whatever path a reverse proxy shows it.
final class TokenPage {

    private static final String WRONG = "That is not the token.";
    private static final BodyHandler READER = BodyHandler.create(false).setBodyLimit(8 * 1024);

    private final AccessRules rules;
    private final String html = read();

    TokenPage(AccessRules rules) {
        this.rules = rules;
    }

    void mount(Router open) {
        Failures.only(open, HttpMethod.POST, "/token").handler(READER).handler(context -> {
            String token = context.request().getFormAttribute("token");
            if (rules.isToken(token == null ? "" : token)) {
                enter(context);
            } else {
                show(context, true);
            }
        });
    }

    /// Two dashboards on one machine share a cookie jar, hence the port.
    static String cookieName(RoutingContext context) {
        return "vertigan-" + context.request().localAddress().port();
    }

    /// Lets a browser in that has shown the token. It goes on elsewhere, so that the token stays out of bookmarks and screenshots.
    void enter(RoutingContext context) {
        var cookie = Cookie.cookie(cookieName(context), rules.cookie().orElseThrow()).setHttpOnly(true).setSameSite(CookieSameSite.STRICT)
                .setSecure(rules.isSecure(context.request()));
        context.response().addCookie(cookie).setStatusCode(303).putHeader(HttpHeaders.LOCATION, "./")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store").end();
    }

    /// @param wrong whether a wrong token was shown, or none
    void show(RoutingContext context, boolean wrong) {
        context.response().setStatusCode(401).putHeader(HttpHeaders.CONTENT_TYPE, "text/html; charset=utf-8")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store").end(html.replace("{problem}", wrong ? WRONG : ""));
    }

    private static String read() {
        try (var stream = TokenPage.class.getClassLoader().getResourceAsStream("web/token.html")) {
            if (stream == null) {
                throw new IllegalStateException("web/token.html is not on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("web/token.html", unreadable);
        }
    }
}
