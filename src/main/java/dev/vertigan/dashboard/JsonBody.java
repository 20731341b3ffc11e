package dev.vertigan.dashboard;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
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
    static JsonObject object(RoutingContext context) {
        var body = context.body().buffer();
        if (body == null || body.length() == 0) {
            return new JsonObject();
        }
        try {
            if (Json.decodeValue(body) instanceof JsonObject object) {
                return object;
            }
        } catch (DecodeException malformed) {
            throw new HttpFailure(400, "the body is not valid JSON: " + firstLine(String.valueOf(malformed.getMessage())));
        }
        throw new HttpFailure(400, "the body must be a JSON object, as in {\"turns\": 10}");
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("").replaceFirst("^Failed to decode: ?", "");
    }
}
