package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Page;
import dev.vertigan.LongForm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The real program behind a real reverse proxy and behind a port forward, in a real browser: page, live and controls.
@Tag("browser")
class OutsideTest {

    private static final Path NGINX = Path.of("/usr/sbin/nginx");
    private static final String TOKEN = "a token/with+signs";
    private static final List<String> WAYS_TO_SAY_HOST = List.of("", "proxy_set_header Host $host;", "proxy_set_header Host $http_host;",
            "proxy_set_header X-Forwarded-Host $http_host; proxy_set_header X-Forwarded-Proto $scheme;");

    @TempDir
    private Path temp;

    @RegisterExtension
    static final Chromium chromium = new Chromium();

    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<Process> proxies = new ArrayList<>();
    private Program program;

    @AfterEach
    void close() throws InterruptedException {
        for (var proxy : proxies) {
            proxy.destroy();
            proxy.waitFor(20, TimeUnit.SECONDS);
        }
        if (program != null) {
            program.kill();
        }
        chromium.closePages();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Starts the program; returns its port.
    private int train(String... settings) throws IOException {
        int port = freePort();
        program = Program.start(temp.resolve("log"),
                Program.with(new String[] {"train", "--preset", "ring-2014", "--run-dir", temp.resolve("run").toString(),
                    "--set", "dashboard.port=" + port, "--set", "checkpoint.every=100000", "--set", "compute.threads=1"}, settings));
        Chromium.await(chromium.page(), () -> program.output().contains("dashboard  ") || !program.isAlive());
        assertTrue(program.isAlive(), program::output);
        return port;
    }

    private void nginx(String servers) throws IOException {
        var folder = Files.createDirectory(temp.resolve("nginx"));
        Files.writeString(folder.resolve("nginx.conf"), """
                daemon off; master_process off; pid nginx.pid; error_log stderr;
                events {}
                http {
                  access_log off;
                  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                  map $http_upgrade $connection_upgrade { default upgrade; '' close; }
                %s}
                """.formatted(servers));
        proxies.add(new ProcessBuilder(NGINX.toString(), "-p", folder.toString(), "-c", folder.resolve("nginx.conf").toString(), "-e", "stderr")
                .redirectErrorStream(true).redirectOutput(temp.resolve("nginx.log").toFile()).start());
    }

    private static String server(int port, String path, int to, String host) {
        return """
                  server { listen 127.0.0.1:%d; location %s { proxy_pass http://127.0.0.1:%d/; proxy_http_version 1.1; %s
                    proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade; } }
                """.formatted(port, path, to, host);
    }

    /// What a person does first and most.
    private void watchAndSteer(String address, boolean tokenAsked) {
        var page = chromium.page();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().contains("401 (Unauthorized)")) {
                errors.add(address + ": " + message.text());
            }
        });
        page.onPageError(error -> errors.add(address + ": " + error));
        navigate(page, address);
        if (tokenAsked) {
            page.fill("#token", "wrong");
            page.press("#token", "Enter");
            page.waitForSelector("text=That is not the token.");
            page.fill("#token", TOKEN);
            page.press("#token", "Enter");
        }
        page.waitForSelector("#state[data-state=RUNNING]");
        page.waitForSelector("body:not([data-loading])");
        assertEquals(address, page.url().replaceAll("#.*", ""));
        page.waitForFunction("() => Number(document.querySelector('#sample-canvas').dataset.step) > 0");
        int points = Integer.parseInt(page.getAttribute("#loss-chart", "data-points"));
        page.waitForFunction("before => Number(document.querySelector('#loss-chart').dataset.points) > before", points);
        page.click("#stop-button");
        page.waitForSelector("#state[data-state=STOPPED]");
        page.click("#resume-button");
        page.waitForSelector("#state[data-state=RUNNING]");
        page.close();
        assertEquals(List.of(), errors);
    }

    /// A proxy that has just been started may not listen yet.
    private static void navigate(Page page, String address) {
        for (int attempt = 0;; attempt++) {
            try {
                page.navigate(address);
                return;
            } catch (RuntimeException refused) {
                if (attempt == 50 || !refused.getMessage().contains("ERR_CONNECTION_REFUSED")) {
                    throw refused;
                }
                page.waitForTimeout(100);
            }
        }
    }

    /// @param path where it stands
    /// @param host how the proxy says the host
    private record Place(String path, String host) {}

    @Test
    void throughNginx() throws IOException {
        throughNginx(List.of(new Place("/", WAYS_TO_SAY_HOST.getFirst()), new Place("/gan/", WAYS_TO_SAY_HOST.getFirst())));
    }

    @Test
    @Tag("long")
    void throughNginxThatSaysTheHostInAnyWay() throws IOException {
        var places = new ArrayList<Place>();
        for (int i = 1; i < WAYS_TO_SAY_HOST.size(); i++) { // the first is the other test's
            var paths = List.of(i % 2 == 0 ? "/" : "/gan/", i % 2 == 0 ? "/gan/" : "/");
            for (var path : paths.subList(0, LongForm.of(1, 2))) {
                places.add(new Place(path, WAYS_TO_SAY_HOST.get(i)));
            }
        }
        throughNginx(places);
    }

    /// At each place.
    private void throughNginx(List<Place> places) throws IOException {
        assumeTrue(Files.isExecutable(NGINX), "nginx is not installed: no reverse proxy is tested");
        var addresses = new ArrayList<String>();
        var ports = new ArrayList<Integer>();
        for (var place : places) {
            ports.add(freePort());
            addresses.add("http://127.0.0.1:%d%s".formatted(ports.getLast(), place.path));
        }
        int to = train("--set", "dashboard.token=" + TOKEN, "--set", "dashboard.origins=" + String.join(",", addresses));
        var servers = new StringBuilder();
        for (int i = 0; i < ports.size(); i++) {
            servers.append(server(ports.get(i), places.get(i).path, to, places.get(i).host));
        }
        nginx(servers.toString());
        for (var address : addresses) {
            watchAndSteer(address, true);
        }
    }

    @Test
    void throughNginxThatIsTrustedToSayTheAddress() throws IOException {
        assumeTrue(Files.isExecutable(NGINX), "nginx is not installed: no reverse proxy is tested");
        int to = train("--set", "dashboard.token=" + TOKEN, "--set", "dashboard.trustForwarded=true");
        int port = freePort();
        nginx(server(port, "/gan/", to, WAYS_TO_SAY_HOST.getLast()));
        watchAndSteer("http://127.0.0.1:" + port + "/gan/", true);
    }

    @Test
    void throughAPortForward() throws IOException {
        int to = train();
        try (var tunnel = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> forward(tunnel, to));
            watchAndSteer("http://localhost:" + tunnel.getLocalPort() + "/", false);
        }
    }

    private static void forward(ServerSocket tunnel, int port) {
        try {
            while (true) {
                var near = tunnel.accept();
                var far = new Socket(InetAddress.getLoopbackAddress(), port);
                Thread.ofVirtual().start(() -> copy(near, far));
                Thread.ofVirtual().start(() -> copy(far, near));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from; to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException closed) {
            // By one side or the other.
        }
    }
}
