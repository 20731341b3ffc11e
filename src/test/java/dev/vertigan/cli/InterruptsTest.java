package dev.vertigan.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Signals to a process of its own.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no signals")
class InterruptsTest {

    private static final int INTERRUPT = 2;
    private static final Path STATUS = Path.of("/proc/self/status"); // Linux

    private Process process;

    /// Says "ready", then ends as `how` tells: `save` ends well, `hang` never, `exit` without a signal.
    static final class Child {

        private Child() {}

        public static void main(String[] how) throws InterruptedException {
            var interrupts = new Interrupts(() -> {
                System.out.println("saving");
                System.out.flush();
                if (how[0].equals("hang")) {
                    waitForEver();
                }
                System.out.println("saved");
            });
            System.out.println("ready");
            System.out.flush();
            if (how[0].equals("exit")) {
                interrupts.close();
                System.exit(0);
            }
            waitForEver();
        }

        private static void waitForEver() {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// A background job of a shell without job control is started with SIGINT ignored, and so is all that it starts.
    @BeforeAll
    static void interruptsArrive() throws IOException {
        assumeTrue(!Files.exists(STATUS) || Files.readAllLines(STATUS).stream().filter(line -> line.startsWith("SigIgn:"))
                .noneMatch(line -> (Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16) >> INTERRUPT - 1 & 1) == 1),
                "SIGINT is ignored in this process and its children: run the tests in the foreground");
    }

    private void start(String how) throws IOException {
        process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), Child.class.getName(), how).redirectErrorStream(true).start();
        expect("ready");
    }

    private void expect(String line) throws IOException {
        assertEquals(line, process.inputReader().readLine());
    }

    private void signal(String name) throws IOException, InterruptedException {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor());
    }

    private int code() throws InterruptedException {
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the process ends");
        return process.exitValue();
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void theEndingRunsAndTheCodeIsTheSignals() throws Exception {
        for (var signal : new String[][] {{"INT", "130"}, {"TERM", "143"}}) {
            start("save");
            signal(signal[0]);
            expect("saving");
            expect("saved");
            assertEquals(Integer.parseInt(signal[1]), code());
        }
    }

    @Test
    void aSecondInterruptDoesNotWaitForTheEnding() throws Exception {
        start("hang");
        signal("INT");
        expect("saving");
        signal("INT");
        assertEquals(130, code());
    }

    @Test
    void anOrdinaryEndSavesNothing() throws Exception {
        start("exit");
        assertAll(() -> assertEquals(0, code()), () -> assertEquals(-1, process.getInputStream().read()));
    }
}
