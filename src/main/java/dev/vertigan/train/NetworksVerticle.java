package dev.vertigan.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vertigan.bus.Bus;
import dev.vertigan.nn.Architecture;
import dev.vertigan.nn.LayerNote;
import dev.vertigan.nn.Shape;
import dev.vertigan.values.GetNetworks;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;

/// Says what the players' networks are made of.
final class NetworksVerticle extends VerticleBase {

    private final Bus bus;
    private final GetNetworks.Networks networks;

    NetworksVerticle(Bus bus, Architecture generator, Architecture discriminator) {
        this.bus = bus;
        networks = new GetNetworks.Networks(network(generator), network(discriminator));
    }

    @Override
    public Future<?> start() {
        bus.serve(GetNetworks.class, _ -> networks);
        return Future.succeededFuture();
    }

    private static JsonNode network(Architecture architecture) {
        var tensors = JsonNodeFactory.instance.arrayNode();
        var outputs = JsonNodeFactory.instance.arrayNode();
        var layers = layers(architecture.notes(), tensors, outputs);
        return JsonNodeFactory.instance.objectNode().put("parameters", architecture.size().parameters())
                .<ObjectNode>set("input", shape(architecture.notes().getFirst().in())).<ObjectNode>set("tensors", tensors)
                .<ObjectNode>set("outputs", outputs).set("layers", layers);
    }

    /// @param tensors takes the names of their tensors, in order
    /// @param outputs takes their paths, in the order of [dev.vertigan.nn.Trace#outputs]
    private static ArrayNode layers(List<LayerNote> notes, ArrayNode tensors, ArrayNode outputs) {
        var layers = JsonNodeFactory.instance.arrayNode();
        for (var note : notes) {
            outputs.add(note.path());
            note.tensors().forEach(tensors::add);
            layers.add(JsonNodeFactory.instance.objectNode().put("path", note.path()).put("words", note.words())
                    .put("parameters", note.parameters()).<ObjectNode>set("in", shape(note.in())).<ObjectNode>set("out", shape(note.out()))
                    .<ObjectNode>set("layers", layers(note.inner(), tensors, outputs)));
        }
        return layers;
    }

    private static ArrayNode shape(Shape shape) {
        var extents = JsonNodeFactory.instance.arrayNode();
        shape.extents().forEach(extents::add);
        return extents;
    }
}
