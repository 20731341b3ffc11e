package dev.vertigan.bus;

import dev.vertigan.values.Audience;
import dev.vertigan.values.Command;
import dev.vertigan.values.Exchange;
import dev.vertigan.values.ExploreRequest;
import dev.vertigan.values.Finding;
import dev.vertigan.values.Findings;
import dev.vertigan.values.GetNetworks;
import dev.vertigan.values.OpenRun;
import dev.vertigan.values.PastRequest;
import dev.vertigan.values.Picture;
import dev.vertigan.values.Pulse;
import dev.vertigan.values.Report;
import dev.vertigan.values.Scene;
import dev.vertigan.values.Status;
import dev.vertigan.values.StreamRequest;
import dev.vertigan.values.Tempo;
import io.vertx.core.eventbus.EventBus;
import java.util.ArrayList;
import java.util.List;

/// The codec of every message. Without one Vert.x would copy a tensor through Java serialization.
public final class Codecs {

    private Codecs() {}

    /// Every message that may travel, found in the sealed families.
    public static List<Class<? extends Record>> messages() {
        var types = new ArrayList<Class<? extends Record>>();
        for (Class<?> family : List.<Class<?>>of(TurnRequest.class, StateRequest.class, Command.class, PastRequest.class, ExploreRequest.class,
                StreamRequest.class)) {
            for (var member : family.getDeclaredClasses()) {
                if (member.isRecord()) {
                    types.add(member.asSubclass(Record.class));
                }
            }
        }
        types.addAll(List.of(OpenRun.class, OpenRun.Opening.class, Report.class, Status.class, Picture.class, Scene.class, Audience.class,
                Finding.class, Findings.class, Tempo.class, Exchange.class, Pulse.class));
        types.addAll(List.of(GetNetworks.class, GetNetworks.Networks.class));
        return types;
    }

    static void register(EventBus bus) {
        messages().forEach(type -> register(bus, type));
        bus.registerDefaultCodec(Failure.class, new FailureCodec());
    }

    private static <M extends Record> void register(EventBus bus, Class<M> type) {
        bus.registerDefaultCodec(type, new RecordCodec<>(type));
    }
}
