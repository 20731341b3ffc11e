package dev.vertigan.config;

import java.util.Objects;

/// A failure that its user can mend. The message says what was expected, what was found, where, and what to do;
/// it is shown as it is, without a stack trace.
public final class UserError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UserError(String message) {
        super(message);
    }

    public UserError(String message, Throwable cause) {
        super(message, cause);
    }

    /// What was expected and found; there always is one.
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}
