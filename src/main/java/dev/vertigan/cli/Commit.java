package dev.vertigan.cli;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Which commit this program is of: that of the checkout whose classes run, or what the build has kept in the JAR.
final class Commit {

    private static final String KEPT = "commit"; // beside this class

    private Commit() {}

    /// Called by the build before it packages: keeps the checkout's commit, if this is a checkout.
    ///
    /// @param arguments the folder of the classes
    public static void main(String... arguments) throws IOException {
        var classes = Path.of(arguments[0]);
        var file = classes.resolve("dev/vertigan/cli").resolve(KEPT);
        var commit = checkout(classes.toAbsolutePath()).flatMap(Commit::described);
        if (commit.isPresent()) {
            Files.writeString(file, commit.get());
        } else {
            Files.deleteIfExists(file);
        }
    }

    static Optional<String> ofProgram() {
        try {
            var code = Path.of(Commit.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return Files.isDirectory(code) ? checkout(code).flatMap(Commit::described) : kept();
        } catch (URISyntaxException | IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> kept() throws IOException {
        try (var resource = Commit.class.getResourceAsStream(KEPT)) {
            return resource == null ? Optional.empty() : Optional.of(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Optional<String> described(Path checkout) {
        try {
            var git = new ProcessBuilder(List.of("git", "-C", checkout.toString(), "describe", "--always", "--dirty", "--abbrev=12",
                    "--exclude=*")).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String id = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return git.waitFor() == 0 && !id.isEmpty() ? Optional.of(id) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // no git here
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    /// The folder about a file that has this program's sources: a JAR may lie in a repository of something else.
    static Optional<Path> checkout(Path file) {
        for (var folder = Optional.of(file); folder.isPresent(); folder = folder.map(Path::getParent)) {
            if (Files.isDirectory(folder.get().resolve("src/main/java/dev/vertigan"))) {
                return folder;
            }
        }
        return Optional.empty();
    }
}
