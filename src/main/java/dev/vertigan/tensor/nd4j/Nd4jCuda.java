package dev.vertigan.tensor.nd4j;

import dev.vertigan.tensor.NativeFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.factory.Nd4jBackend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether ND4J computes on a CUDA device. Found out once and before ND4J starts, which then takes the one backend for the whole process.
///
/// A build for CUDA (`mvn -Pcuda`) has both of ND4J's backends, so it runs where there is no device, and says so.
public final class Nd4jCuda {

    private static final Logger log = LoggerFactory.getLogger(Nd4jCuda.class);

    private static final String PACKAGE = "org.nd4j.linalg.jcublas.";
    private static final String BACKENDS = "META-INF/services/" + Nd4jBackend.class.getName();

    private static final boolean WORKS = find();

    private Nd4jCuda() {}

    /// Must be called before ND4J is first used.
    public static boolean works() {
        return WORKS;
    }

    private static boolean find() {
        var backends = ServiceLoader.load(Nd4jBackend.class).stream().filter(backend -> backend.type().getName().startsWith(PACKAGE))
                .map(ServiceLoader.Provider::get).toList();
        if (backends.isEmpty()) {
            return false;
        }
        var obstacle = obstacle(backends.getFirst());
        if (obstacle.isPresent()) {
            ND4JClassLoading.setNd4jClassloader(new WithoutCuda(Nd4jCuda.class.getClassLoader()));
        } else {
            obstacle = trial();
        }
        obstacle.ifPresent(reason -> log.warn("CUDA: no device can be used ({}); computing on the CPU", reason));
        return obstacle.isEmpty();
    }

    /// Why there is no device; empty if there is one.
    public static Optional<String> obstacle(Nd4jBackend backend) {
        try {
            return backend.canRun() ? Optional.empty() : Optional.of("the backend cannot run");
        } catch (RuntimeException | LinkageError e) {
            return Optional.of(NativeFailure.reason(e));
        }
    }

    /// Why ND4J does not compute on the device there is: one too new or too old for its binaries, say.
    private static Optional<String> trial() {
        try {
            double sum = Nd4j.ones(2, 2).mmul(Nd4j.ones(2, 2)).sumNumber().doubleValue();
            return sum == 8 ? Optional.empty() : Optional.of("a product of matrices came out wrong");
        } catch (RuntimeException | LinkageError e) {
            return Optional.of(NativeFailure.reason(e));
        }
    }

    /// Hides the CUDA backend from ND4J, which would try it again and print the stack trace of its failure.
    private static final class WithoutCuda extends ClassLoader {

        private WithoutCuda(ClassLoader parent) {
            super(parent);
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            List<URL> all = Collections.list(super.getResources(name));
            return Collections.enumeration(name.equals(BACKENDS) ? all.stream().filter(url -> !text(url).contains(PACKAGE)).toList() : all);
        }

        private static String text(URL url) {
            try (var in = url.openStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
