package dev.vertigan.dashboard;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Describes every route, as OpenAPI 3.1: `GET /api`.
final class ApiRoute {

    private static final String DESCRIPTION = "openapi.json";

    private final CachedBody description = read();

    void mount(Router router) {
        Failures.only(router, HttpMethod.GET, "/api").handler(description::send);
    }

    private static CachedBody read() {
        try (var stream = ApiRoute.class.getResourceAsStream(DESCRIPTION)) {
            if (stream == null) {
                throw new IllegalStateException(DESCRIPTION + " is not on the class path");
            }
            return new CachedBody(Buffer.buffer(stream.readAllBytes()), "application/json");
        } catch (IOException e) {
            throw new UncheckedIOException(DESCRIPTION, e);
        }
    }
}
