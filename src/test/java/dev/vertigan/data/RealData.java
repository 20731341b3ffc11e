package dev.vertigan.data;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// Where the tests find real MNIST: system property or variable `VERTIGAN_DATA`, else `../shared/data`.
final class RealData {

    private RealData() {}

    /// The folder of MNIST's files; where it is absent the test is skipped and says so.
    static Path mnist() {
        String variable = System.getenv().getOrDefault("VERTIGAN_DATA", "../shared/data");
        Path folder = Path.of(System.getProperty("VERTIGAN_DATA", variable)).resolve("mnist");
        Assumptions.assumeTrue(Files.isRegularFile(folder.resolve("train-images-idx3-ubyte.gz")),
                "skipped: no MNIST in " + folder.toAbsolutePath() + "; set VERTIGAN_DATA to the folder that has mnist/");
        return folder;
    }
}
