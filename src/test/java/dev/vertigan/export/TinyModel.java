package dev.vertigan.export;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// ONNX models of a single operator, from float to float.
public final class TinyModel {

    private static final int FLOAT = 1;

    private TinyModel() {}

    /// Writes one.
    ///
    /// @param operator as in `Flatten`
    /// @param output its name
    /// @param in extents of what comes in; 0 = any
    public static Path write(Path file, String operator, String output, long... in) throws IOException {
        var node = new Protobuf().put(1, "pixels").put(2, output).put(3, operator).put(4, operator);
        var graph = new Protobuf().put(1, node).put(2, "tiny").put(11, value("pixels", in)).put(12, value(output));
        return Files.write(file, new Protobuf().put(1, 8).put(7, graph).put(8, new Protobuf().put(2, 17)).bytes());
    }

    private static Protobuf value(String name, long... extents) {
        var tensor = new Protobuf().put(1, FLOAT);
        if (extents.length > 0) {
            var shape = new Protobuf();
            for (long extent : extents) {
                shape.put(1, extent == 0 ? new Protobuf().put(2, "any") : new Protobuf().put(1, extent));
            }
            tensor.put(2, shape);
        }
        return new Protobuf().put(1, name).put(2, new Protobuf().put(1, tensor));
    }
}
