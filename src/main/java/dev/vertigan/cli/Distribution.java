package dev.vertigan.cli;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Objects;

/// Where things lie beside the program.
final class Distribution {

    private Distribution() {}

    /// The folder of the peers' jars, whether there are any or not: `peers` beside `lib`, or where Maven puts it when classes are run.
    static Path peers() {
        try {
            var code = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            var parent = Objects.requireNonNull(code.toAbsolutePath().getParent());
            return code.toString().endsWith(".jar") ? parent.resolveSibling("peers") : parent.resolve("vertigan").resolve("peers");
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the class path is made of file names", e);
        }
    }
}
