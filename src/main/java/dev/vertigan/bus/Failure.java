package dev.vertigan.bus;

import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

/// Why a request was not granted, told to whoever asked: without it they would only ever learn of a time-out.
public final class Failure extends ReplyException {

    private static final long serialVersionUID = 1;

    /// A command that does not fit the run's state.
    public static final int CONFLICT = 409;

    /// Anything else.
    public static final int ERROR = 500;

    private final long step;
    private final String advice;

    /// @param code [#CONFLICT] or [#ERROR]
    /// @param step the turn it happened in
    /// @param message what was expected and found, where
    /// @param advice what to do; may be empty
    public Failure(int code, long step, String message, String advice) {
        super(ReplyFailure.RECIPIENT_FAILURE, code, message);
        this.step = step;
        this.advice = advice;
    }

    public long step() {
        return step;
    }

    public String advice() {
        return advice;
    }
}
