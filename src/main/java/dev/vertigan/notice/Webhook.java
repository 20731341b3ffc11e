package dev.vertigan.notice;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Posts notices one after the other from a thread of its own, and tries again what did not arrive. It holds few, so that a receiver that is
/// away for long costs nothing but the oldest.
final class Webhook implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Webhook.class);

    private static final int MOST = 16; // that wait
    private static final int ATTEMPTS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(10); // for an answer
    private static final Duration GOODBYE = Duration.ofSeconds(5); // for the last ones when it is closed: less than `docker stop` grants
    private static final Set<Integer> PASSING = Set.of(408, 425, 429);

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final URI address;
    private final Duration pause;
    private final Thread thread;
    private final ArrayDeque<Notice> waiting = new ArrayDeque<>();
    private boolean closing;

    /// @param pause before the second attempt; each further pause is twice as long
    Webhook(URI address, Duration pause) {
        this.address = address;
        this.pause = pause;
        thread = Thread.ofPlatform().daemon().name("vertigan-webhook").start(this::work);
    }

    /// Has it posted; returns at once.
    synchronized void post(Notice notice) {
        if (waiting.size() == MOST) {
            log.debug("webhook: too many notices wait, dropped: {}", waiting.removeFirst().json().path("text").asText());
        }
        waiting.addLast(notice);
        notifyAll();
    }

    private void work() {
        try {
            for (var notice = next(); notice.isPresent(); notice = next()) {
                deliver(notice.get());
            }
        } catch (InterruptedException e) {
            // it was closed, and whoever should hear the rest did not answer
        }
    }

    /// The next one; empty when there will be none.
    private synchronized Optional<Notice> next() throws InterruptedException {
        while (waiting.isEmpty() && !closing) {
            wait();
        }
        return Optional.ofNullable(waiting.pollFirst());
    }

    private void deliver(Notice notice) throws InterruptedException {
        String problem = "";
        var wait = pause;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            if (attempt > 1) {
                Thread.sleep(wait);
                wait = wait.multipliedBy(2);
            }
            try {
                var request = HttpRequest.newBuilder(address).timeout(PATIENCE).header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(notice.json().toString())).build();
                int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
                if (status < 300) {
                    return;
                }
                problem = "it answered " + status;
                if (status < 500 && !PASSING.contains(status)) {
                    break; // it will never be content
                }
            } catch (IOException e) {
                problem = e.getClass().getSimpleName(); // its message may hold the address, which is a secret
            }
        }
        log.warn("webhook at {} was not told \"{}\": {}", address.getHost(), notice.json().path("text").asText(), problem);
    }

    /// Waits a moment until all is posted.
    @Override
    public void close() {
        synchronized (this) {
            closing = true;
            notifyAll();
        }
        try {
            if (!thread.join(GOODBYE)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.shutdownNow();
    }
}
