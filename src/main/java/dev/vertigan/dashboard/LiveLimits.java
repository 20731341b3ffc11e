package dev.vertigan.dashboard;

/// What one browser, and all of them, may cost.
///
/// @param clients at once; one more is refused
/// @param rows reports that wait for one client; older ones are lost to it, and it is told
/// @param reportMillis least time between two batches of reports to one client: 50 ms = 20 a second
/// @param clientMillis added to that for each client beyond the first ten, so that many do not cost more than ten
/// @param patienceMillis how long a frame may stay unacknowledged
/// @param pingMillis between two pings; a client that does not answer for this and `patienceMillis` is gone
/// @param goodbyeMillis how long a client that is being closed may take to say goodbye
public record LiveLimits(int clients, int rows, long reportMillis, long clientMillis, long patienceMillis, long pingMillis,
        long goodbyeMillis) {

    public static final LiveLimits DEFAULT = new LiveLimits(256, 512, 50, 5, 60_000, 20_000, 2_000);

    /// @param connected clients now
    long reportInterval(int connected) {
        return reportMillis + clientMillis * Math.max(0, connected - 10);
    }
}
