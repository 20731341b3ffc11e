package dev.vertigan.dashboard;

import dev.vertigan.config.Sha256;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;

/// A file as it is sent: browsers may keep it, but ask each time whether it is still the same one (`no-cache`), for the
/// next run, or the next version, has other files at the same address.
///
/// @param packed the same by gzip, for whoever understands it; the same bytes if that is not worth it
/// @param etag first half of the content's SHA-256
record CachedBody(Buffer bytes, Buffer packed, String contentType, String etag) {

    private static final double WORTH = 0.8; // of the length
    private static final Pattern GZIP = Pattern.compile("\\bgzip\\b(?!\\s*;\\s*q=0(?:\\.0*)?\\s*(?:,|$))");

    CachedBody(Buffer bytes, String contentType) {
        this(bytes, bytes, contentType, etag(bytes.getBytes()));
    }

    /// Of text, which gzip makes shorter.
    static CachedBody text(byte[] bytes, String contentType) {
        byte[] packed = gzip(bytes);
        return new CachedBody(Buffer.buffer(bytes), Buffer.buffer(packed.length < WORTH * bytes.length ? packed : bytes), contentType, etag(bytes));
    }

    private static byte[] gzip(byte[] bytes) {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail to be written", e);
        }
        return packed.toByteArray();
    }

    void send(RoutingContext context) {
        String understood = context.request().getHeader(HttpHeaders.ACCEPT_ENCODING);
        boolean gzip = packed.length() < bytes.length() && understood != null && GZIP.matcher(understood).find();
        String tag = '"' + etag + (gzip ? "-gzip\"" : "\"");
        var response = context.response().putHeader(HttpHeaders.ETAG, tag).putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        if (packed.length() < bytes.length()) {
            response.putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        }
        String known = context.request().getHeader(HttpHeaders.IF_NONE_MATCH);
        if (known != null && known.contains(tag)) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
        if (gzip) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        var body = gzip ? packed : bytes;
        if (context.request().method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length())).end();
        } else {
            Answers.write(response, body);
        }
    }

    private static String etag(byte[] bytes) {
        byte[] digest = Sha256.of(bytes);
        return HexFormat.of().formatHex(digest, 0, digest.length / 2);
    }
}
