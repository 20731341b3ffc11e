package dev.vertigan.bench;

import java.util.List;

/// A library that plays the same games, for comparison. Each runs in a process of its own, from the jars of `mvn -Ppeers package`.
///
/// @param name for people
/// @param player what its program calls it
record Peer(String name, String player) {

    static final List<Peer> ALL = List.of(new Peer("libtorch", "libtorch"), new Peer("DJL", "djl"));

    /// Arguments of the JVM that it runs in.
    List<String> command() {
        return List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC", "-Xmx1g",
                // Nothing is left to a garbage collector: native memory is freed at the end of each turn.
                "-Dorg.bytedeco.javacpp.nopointergc=true", "-Dorg.bytedeco.javacpp.maxbytes=0", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                // The threads of its OpenBLAS and of its OpenMP take the cores from each other while they wait.
                "-Dorg.bytedeco.openblas.load=mkl", "dev.vertigan.peers.Main", player);
    }
}
