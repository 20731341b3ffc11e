package dev.vertigan.bus;

import dev.vertigan.config.UserError;
import dev.vertigan.game.NonFinite;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Why a request was not granted, told to whoever asked: without it they would only ever learn of a time-out.
public final class Failure extends ReplyException {

    private static final long serialVersionUID = 1;
    private static final int CONFLICT_CODE = 409; // as HTTP has them
    private static final int ERROR_CODE = 500;

    private final Kind kind;
    private final long step;
    private final String advice;

    /// What sort of thing went wrong: an exception's type does not travel, this does.
    public enum Kind {

        /// A command that does not fit the run's state.
        CONFLICT,

        /// A number of the training is none, or infinite.
        NON_FINITE,

        /// The memory, of the heap or beside it, is used up.
        OUT_OF_MEMORY,

        /// A file or folder cannot be read or written, or is not what it should be.
        FILES,

        /// What nobody thought of.
        DEFECT
    }

    /// @param step the turn it happened in; 0 if it does not matter
    /// @param message what was expected and found, where
    /// @param advice what to do; may be empty
    public Failure(Kind kind, long step, String message, String advice) {
        super(ReplyFailure.RECIPIENT_FAILURE, kind == Kind.CONFLICT ? CONFLICT_CODE : ERROR_CODE, message);
        this.kind = kind;
        this.step = step;
        this.advice = advice;
    }

    /// Any error as one that travels: its kind is that of the first cause that tells one.
    public static Failure of(Throwable error) {
        for (var cause = error; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case Failure failure -> {
                    return failure;
                }
                case NonFinite number -> {
                    return nonFinite(number.step(), number.getMessage());
                }
                case OutOfMemoryError memory -> {
                    return new Failure(Kind.OUT_OF_MEMORY, 0, "out of memory: " + memory.getMessage(),
                            "make the minibatch or the networks smaller, or start it with more memory (VERTIGAN_JAVA_OPTS=-Xmx4g)");
                }
                case UserError mendable -> {
                    return new Failure(Kind.FILES, 0, mendable.getMessage(), "mend it"); // its message says how
                }
                case UncheckedIOException _ -> {} // its cause says more
                case IOException files -> {
                    return new Failure(Kind.FILES, 0, files.toString(), "see that it can be read and written");
                }
                default -> {}
            }
        }
        return new Failure(Kind.DEFECT, 0, "a defect of the program: " + error, "report it, with what the log tells");
    }

    public static Failure nonFinite(long step, String message) {
        return new Failure(Kind.NON_FINITE, step, message, "lower the learning rates");
    }

    public Kind kind() {
        return kind;
    }

    public long step() {
        return step;
    }

    public String advice() {
        return advice;
    }
}
