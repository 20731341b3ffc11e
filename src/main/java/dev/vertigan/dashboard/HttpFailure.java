package dev.vertigan.dashboard;

import java.util.List;

/// A request that is answered with an error status. The message goes to whoever asked: what was expected, what was found,
/// what to do.
final class HttpFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient List<String> problems;

    HttpFailure(int status, String message) {
        this(status, message, List.of());
    }

    private HttpFailure(int status, String message, List<String> problems) {
        // No stack trace: it is an answer, not an accident, and whoever asks decides how many of them there are.
        super(message, null, false, false);
        this.status = status;
        this.problems = problems;
    }

    /// Every mistake of a request at once, status 400.
    static HttpFailure problems(List<String> problems) {
        return new HttpFailure(400, String.join("; ", problems), List.copyOf(problems));
    }

    int status() {
        return status;
    }

    List<String> problems() {
        return problems;
    }
}
