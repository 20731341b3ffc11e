package dev.vertigan.run;

import dev.vertigan.config.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Another process, to be killed or to contend with.
final class Child {

    private Child() {}

    /// `checkpoints FOLDER FROM FLOATS`: writes checkpoints for ever, printing each step once it is verified.
    /// `hold FOLDER`: opens a run, prints its process's id, waits for the end of its input.
    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[1]);
        try {
            switch (args[0]) {
                case "checkpoints" -> {
                    var store = CheckpointStore.open(folder);
                    store.recover();
                    for (long step = Long.parseLong(args[2]);; step++) {
                        System.out.println(store.write(Samples.checkpoint(step, Integer.parseInt(args[3])), 2).step());
                    }
                }
                case "hold" -> {
                    var run = RunFolder.open(folder);
                    System.out.println(ProcessHandle.current().pid());
                    if (System.in.read() < 0) {
                        run.close();
                    }
                }
                default -> throw new IllegalArgumentException(args[0]);
            }
        } catch (UserError e) {
            System.out.println(e.getMessage());
            System.exit(2);
        }
    }

    /// Starts one that leaves no temporary files and little trace.
    static Process start(List<String> prefix, String... args) throws IOException {
        var command = new ArrayList<>(prefix);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-cp", System.getProperty("java.class.path"), Child.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /// Kills it as the kernel would, and returns the rest of what it had said.
    static List<String> kill(Process child, BufferedReader output) throws IOException, InterruptedException {
        child.toHandle().destroyForcibly(); // unlike the process's own method, leaves the output to be read
        child.waitFor();
        var lines = new ArrayList<String>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            lines.add(line);
        }
        return lines;
    }
}
