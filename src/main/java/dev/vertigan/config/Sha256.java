package dev.vertigan.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The hash by which settings, data, files and texts are known: 32 bytes.
public final class Sha256 {

    private Sha256() {}

    /// Of what comes in parts.
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// Of bytes.
    public static byte[] of(byte[] bytes) {
        return digest().digest(bytes);
    }

    /// Of a text's bytes in UTF-8.
    public static byte[] of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }
}
