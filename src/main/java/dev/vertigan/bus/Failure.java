package dev.vertigan.bus;

import dev.vertigan.config.InvalidEdit;
import dev.vertigan.config.UserError;
import dev.vertigan.game.NonFinite;
import dev.vertigan.values.FailureKind;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/// Why a request was not granted, told to whoever asked: without it they would only ever learn of a time-out.
public final class Failure extends ReplyException {

    private static final long serialVersionUID = 1;
    private static final int CONFLICT_CODE = 409; // as HTTP has them
    private static final int INVALID_CODE = 400;
    private static final int FULL_CODE = 429;
    private static final int ERROR_CODE = 500;

    private final FailureKind kind;
    private final long step;
    private final String advice;

    /// @param step the turn it happened in; 0 if it does not matter
    /// @param message what was expected and found, where
    /// @param advice what to do; may be empty
    public Failure(FailureKind kind, long step, String message, String advice) {
        super(ReplyFailure.RECIPIENT_FAILURE, code(kind), message);
        this.kind = kind;
        this.step = step;
        this.advice = advice;
    }

    private static int code(FailureKind kind) {
        return switch (kind) {
            case CONFLICT -> CONFLICT_CODE;
            case INVALID -> INVALID_CODE;
            case FULL -> FULL_CODE;
            case NON_FINITE, OUT_OF_MEMORY, FILES, DEFECT -> ERROR_CODE;
        };
    }

    /// Any error as one that travels: its kind is that of the first cause that tells one.
    public static Failure of(Throwable error) {
        for (var cause = error; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case Failure failure -> {
                    return failure;
                }
                case InvalidEdit edit -> {
                    return new Failure(FailureKind.INVALID, 0, String.valueOf(edit.getMessage()), ""); // one problem a line
                }
                case NonFinite number -> {
                    return nonFinite(number.step(), number.getMessage());
                }
                case OutOfMemoryError memory -> {
                    return new Failure(FailureKind.OUT_OF_MEMORY, 0, "out of memory: " + memory.getMessage(),
                            "make the minibatch or the networks smaller, or start it with more memory (VERTIGAN_JAVA_OPTS=-Xmx4g)");
                }
                case UserError correctable -> {
                    return new Failure(FailureKind.FILES, 0, correctable.getMessage(), "correct that"); // its message says how
                }
                case UncheckedIOException _ -> {} // its cause says more
                case IOException files -> {
                    return new Failure(FailureKind.FILES, 0, files.toString(), "see that it can be read and written");
                }
                default -> {}
            }
        }
        return new Failure(FailureKind.DEFECT, 0, "a defect of the program: " + error, "report it, with what the log tells");
    }

    public static Failure nonFinite(long step, String message) {
        return new Failure(FailureKind.NON_FINITE, step, message, "lower the learning rates");
    }

    /// What was expected and found; there always is one.
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }

    public FailureKind kind() {
        return kind;
    }

    public long step() {
        return step;
    }

    public String advice() {
        return advice;
    }
}
