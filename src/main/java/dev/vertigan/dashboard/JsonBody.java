package dev.vertigan.dashboard;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.config.Json;
import dev.vertigan.config.UserError;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Locale;

/// Reads a request's body: nothing, or one JSON object of at most 64 KiB.
final class JsonBody {

    /// Bytes.
    static final int LIMIT = 64 * 1024;

    private static final BodyHandler READER = BodyHandler.create(false).setBodyLimit(LIMIT);

    private JsonBody() {}

    /// Handles a request before its own handler does: checks the body's type, then reads it.
    static void read(RoutingContext context) {
        checkType(context);
        READER.handle(context);
    }

    private static void checkType(RoutingContext context) {
        var headers = context.request().headers();
        String type = headers.get(HttpHeaders.CONTENT_TYPE);
        boolean empty = "0".equals(headers.get(HttpHeaders.CONTENT_LENGTH))
                || !headers.contains(HttpHeaders.CONTENT_LENGTH) && !headers.contains(HttpHeaders.TRANSFER_ENCODING);
        if (!empty && !(type != null && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals("application/json"))) {
            throw new HttpFailure(415, "expected a body of Content-Type application/json, found "
                    + (type == null ? "none" : type) + "; with curl: -H 'Content-Type: application/json'");
        }
    }

    /// The object that was sent; an empty one if there was no body.
    ///
    /// @throws HttpFailure 400 if the body is not a JSON object
    static ObjectNode object(RoutingContext context) {
        var body = context.body().buffer();
        if (body == null || body.length() == 0) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            if (Json.read(body.toString(), "the body") instanceof ObjectNode object) {
                return object;
            }
        } catch (UserError malformed) {
            throw new HttpFailure(400, malformed.getMessage());
        }
        throw new HttpFailure(400, "the body must be a JSON object, as in {\"turns\": 10}");
    }
}
