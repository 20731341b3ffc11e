package dev.vertigan.dashboard;

/// What one browser, and all of them, may cost.
///
/// @param clients at once; one more is refused
/// @param rows reports that wait for slow clients, all together; older ones are lost to them, and they can tell
/// @param reportMillis least time between two rounds, each of which takes to every client what is new: 50 ms = 20 a second
/// @param clientMillis the same for each client: 4 ms = 250 sendings a second, however many watch
/// @param patienceMillis how long a frame may stay unacknowledged
/// @param pingMillis between two pings; a client that does not answer for this and `patienceMillis` is gone
/// @param goodbyeMillis how long a client that is being closed may take to say goodbye
public record LiveLimits(int clients, int rows, long reportMillis, long clientMillis, long patienceMillis, long pingMillis,
        long goodbyeMillis) {

    public static final LiveLimits DEFAULT = new LiveLimits(256, 4096, 50, 4, 60_000, 20_000, 2_000);

    /// The default, but never more than half of all connections, so that there is always room for a request.
    static LiveLimits within(ConnectionLimits connections) {
        return new LiveLimits(Math.min(DEFAULT.clients, connections.count() / 2), DEFAULT.rows, DEFAULT.reportMillis, DEFAULT.clientMillis,
                DEFAULT.patienceMillis, DEFAULT.pingMillis, DEFAULT.goodbyeMillis);
    }

    /// Milliseconds between two rounds.
    ///
    /// @param connected clients now
    long interval(int connected) {
        return Math.max(reportMillis, clientMillis * connected);
    }
}
