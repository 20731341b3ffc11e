package dev.vertigan.tensor;

import java.util.Optional;

/// Failures of libraries that are not Java.
public final class NativeFailure {

    private NativeFailure() {}

    /// What lies at the bottom of a failure, in one line and without the path of the library that failed.
    public static String reason(Throwable failure) {
        var root = failure;
        for (var cause = root.getCause(); cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return Optional.ofNullable(root.getMessage()).flatMap(message -> message.lines().findFirst())
                .map(line -> line.replaceFirst("^/\\S+: ", "")).orElse(root.getClass().getSimpleName());
    }
}
