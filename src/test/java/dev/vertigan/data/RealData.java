package dev.vertigan.data;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// Where the tests find real data: system property or variable `VERTIGAN_DATA`, else `../shared/data`.
final class RealData {

    private RealData() {}

    /// The folder of MNIST's files; where it is absent the test is skipped and says so.
    static Path mnist() {
        return existing("mnist/train-images-idx3-ubyte.gz").getParent();
    }

    /// An archive of CIFAR-10's images, some of them, as files; likewise.
    static Path cifar10Images() {
        return existing("cifar10-images.zip");
    }

    private static Path existing(String name) {
        String variable = System.getenv().getOrDefault("VERTIGAN_DATA", "../shared/data");
        Path file = Path.of(System.getProperty("VERTIGAN_DATA", variable)).resolve(name);
        Assumptions.assumeTrue(Files.isRegularFile(file),
                "skipped: no " + file.toAbsolutePath() + "; set VERTIGAN_DATA to the folder that has " + name);
        return file;
    }
}
