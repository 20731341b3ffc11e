package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vertigan.config.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ListenTest {

    @Test
    void aPortInUseIsNamedWithAWayOut() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();
            var error = assertThrows(UserError.class, () -> new Dashboard(Dashboard.at("127.0.0.1", port, ""), LiveLimits.DEFAULT));
            assertEquals("port " + port + " of 127.0.0.1 is in use: stop the other program, or choose another port with --set dashboard.port=8081, "
                    + "or any free one with --set dashboard.port=0", error.getMessage());
        }
    }

    @Test
    void anAddressOfAnotherMachineIsNamed() {
        var error = assertThrows(UserError.class, () -> new Dashboard(Dashboard.at("192.0.2.1", 0, "token"), LiveLimits.DEFAULT));
        assertTrue(error.getMessage().contains("192.0.2.1") && error.getMessage().contains("dashboard.host"), error.getMessage());
    }

    @Test
    void aBrowserFindsARestartedServerAtTheSamePort() {
        int port;
        try (var first = new Dashboard()) {
            port = first.port;
            first.browser().text("hello");
        }
        try (var second = new Dashboard(Dashboard.at("127.0.0.1", port, ""), LiveLimits.DEFAULT)) {
            assertEquals(port, second.port);
            second.browser().text("hello");
        }
    }
}
