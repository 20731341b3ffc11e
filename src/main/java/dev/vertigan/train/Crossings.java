package dev.vertigan.train;

import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.TurnRequest;
import dev.vertigan.bus.TurnRequest.Critique;
import dev.vertigan.bus.TurnRequest.Generate;
import dev.vertigan.bus.TurnRequest.Improve;
import dev.vertigan.bus.TurnRequest.Judge;
import dev.vertigan.bus.TurnRequest.NextBatch;
import dev.vertigan.values.Pulse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Counts the messages of turns, their times, and whose they were.
final class Crossings {

    private static final int REMEMBERED = 512;

    private static final List<Class<? extends TurnRequest<?>>> TYPES = List.of(NextBatch.class, Generate.class, Judge.class, Critique.class,
            Improve.class);

    private final long[][] latencies = new long[TYPES.size()][REMEMBERED];
    private final long[] counts = new long[TYPES.size()];
    private final long[] bytes = new long[TYPES.size()];
    private final long[] parts = new long[Pulse.Part.values().length]; // nanoseconds
    private long turns;
    private long begun = System.nanoTime();
    private long answered; // when the last one was

    void begin() {
        Arrays.fill(counts, 0);
        Arrays.fill(bytes, 0);
        Arrays.fill(parts, 0);
        turns = 0;
        begun = System.nanoTime();
    }

    void turn() {
        turns++;
    }

    void count(TurnRequest<?> request, long asked, long nanos, long learned, long moved) {
        int type = TYPES.indexOf(request.getClass());
        latencies[type][(int) (counts[type] % REMEMBERED)] = nanos;
        counts[type]++;
        bytes[type] += moved;
        long own = asked + nanos - Math.max(asked, answered) - learned;
        answered = asked + nanos;
        switch (request) {
            case NextBatch _ -> parts[Pulse.Part.FEED.ordinal()] += own;
            case Generate _,Improve _ -> parts[Pulse.Part.GENERATOR.ordinal()] += own;
            case Judge _,Critique _ -> parts[Pulse.Part.DISCRIMINATOR.ordinal()] += own;
        }
        parts[(request instanceof Improve ? Pulse.Part.GENERATOR_OPTIMISER : Pulse.Part.DISCRIMINATOR_OPTIMISER).ordinal()] += learned;
    }

    Pulse pulse() {
        long nanos = Math.max(1, System.nanoTime() - begun);
        parts[Pulse.Part.WAITING.ordinal()] = Math.max(0, nanos - Arrays.stream(parts).sum());
        long whole = Arrays.stream(parts).sum();
        var pulse = new Pulse(nanos / 1e9, turns, messages(), Arrays.stream(parts).mapToObj(part -> (double) part / whole).toList());
        begin();
        return pulse;
    }

    private List<Pulse.Traffic> messages() {
        var messages = new ArrayList<Pulse.Traffic>();
        for (int type = 0; type < TYPES.size(); type++) {
            if (counts[type] > 0) {
                long[] sorted = Arrays.copyOf(latencies[type], (int) Math.min(counts[type], REMEMBERED));
                Arrays.sort(sorted);
                messages.add(new Pulse.Traffic(TYPES.get(type).getSimpleName(), Addresses.of(TYPES.get(type)), counts[type], bytes[type],
                        sorted[sorted.length / 2] / 1e6, sorted[sorted.length * 99 / 100] / 1e6));
            }
        }
        return messages;
    }
}
