package dev.vertigan.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.vertigan.bus.Addresses;
import dev.vertigan.bus.Failure;
import dev.vertigan.config.RunConfig;
import dev.vertigan.train.Runs.Running;
import dev.vertigan.values.Audience;
import dev.vertigan.values.Command;
import dev.vertigan.values.Command.Part;
import dev.vertigan.values.Exchange;
import dev.vertigan.values.FailureKind;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Pulse;
import dev.vertigan.values.Scene;
import dev.vertigan.values.Status;
import dev.vertigan.values.Status.State;
import dev.vertigan.values.Tempo;
import dev.vertigan.values.Tempo.Learner;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A turn that is stepped through, or played slowly, is the same turn.
class InsideTurnTest {

    private static final long STEPS = 6;

    @TempDir
    private Path temp;

    /// Alternating, simultaneous with shards, and three updates of D to one of G.
    static Stream<RunConfig> schedules() {
        var all = Runs.variety(STEPS);
        return Stream.of(all.get(0), all.get(1), all.get(3));
    }

    private Running watched(RunConfig config) {
        var run = new Running(temp.resolve("run"), config).startAtRest();
        run.bus().publish(Addresses.AUDIENCE, new Audience(1));
        return run;
    }

    private static <M extends Record> LinkedBlockingQueue<M> heard(Running run, String address, Class<M> type) {
        var heard = new LinkedBlockingQueue<M>();
        run.bus().listen(address, type, heard::add);
        return heard;
    }

    private static <M> M await(LinkedBlockingQueue<M> heard, Predicate<M> wanted) {
        try {
            for (var next = heard.poll(60, TimeUnit.SECONDS); next != null; next = heard.poll(60, TimeUnit.SECONDS)) {
                if (wanted.test(next)) {
                    return next;
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        throw new AssertionError("nothing of the kind was published");
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void steppingUpdateByUpdateComesToTheSameBits(RunConfig config) {
        int updates = config.game().discriminatorSteps() + 1;
        try (var run = watched(config)) {
            for (long step = 0; step < STEPS; step++) {
                for (int update = 1; update <= updates; update++) {
                    var status = run.ask(new Command.Advance(Part.UPDATE));
                    boolean over = update == updates;
                    assertEquals(over ? step + 1 : step, status.step(), "a turn is counted when it is over");
                    assertEquals(over && step + 1 == STEPS ? State.FINISHED : State.STOPPED, status.state());
                }
            }
            assertEquals(Runs.plain(config), run.hash());
        }
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void steppingMessageByMessageComesToTheSameBits(RunConfig config) {
        try (var run = watched(config)) {
            var status = run.ask(new Command.GetStatus());
            for (int messages = 0; status.state() != State.FINISHED; messages++) {
                assertTrue(messages <= 20 * STEPS, "it comes to an end");
                status = run.ask(new Command.Advance(Part.MESSAGE));
            }
            assertEquals(Runs.plain(config), run.hash());
        }
    }

    /// A turn that is held is over before anything else is done.
    @Test
    void whateverIsAskedInsideATurnFindsItOver() {
        var config = Runs.ring(20);
        try (var run = watched(config)) {
            run.ask(new Command.Advance(Part.UPDATE));
            assertEquals(1, run.ask(new Command.SaveCheckpoint()).step());
            assertEquals(State.STOPPED, run.ask(new Command.Stop()).state());
            run.ask(new Command.Advance(Part.MESSAGE));
            run.ask(new Command.Edit(Map.of("report.every", IntNode.valueOf(2))));
            assertEquals(List.of(2L), run.folder().journal().entries().stream().filter(entry -> entry.kind().name().equals("EDIT"))
                    .map(entry -> entry.step()).toList());
            run.ask(new Command.Advance(Part.UPDATE));
            assertEquals(5, run.ask(new Command.Step(3)).step(), "the turn under way is the first of three");
            run.ask(new Command.Advance(Part.MESSAGE));
            run.ask(new Command.Resume());
            assertEquals(Runs.plain(config), run.hash());
        }
    }

    @Test
    void aRunningRunIsNotSteppedInto() {
        try (var run = watched(Runs.ring(0))) {
            run.ask(new Command.Resume());
            var refused = assertThrows(CompletionException.class, () -> run.ask(new Command.Advance(Part.UPDATE)));
            assertEquals(FailureKind.CONFLICT, ((Failure) refused.getCause()).kind());
            run.stop();
        }
    }

    @Test
    void slowTurnsAreTheSameTurnsAndAreSlowOnlyWhileSomeoneLooks() {
        var config = Runs.ring(40);
        try (var run = watched(config)) {
            var tempi = heard(run, Addresses.TEMPO, Tempo.class);
            var exchanges = heard(run, Addresses.EXCHANGES, Exchange.class);
            run.ask(new Command.SetPace(2));
            run.ask(new Command.Resume());
            await(exchanges, exchange -> exchange.message().equals("Improve"));
            run.ask(new Command.SetPace(200));
            run.ask(new Command.SetPace(0.2));
            await(tempi, tempo -> tempo.turnsPerSecond() == 0.2);
            run.bus().publish(Addresses.AUDIENCE, new Audience(0));
            assertEquals(Runs.plain(config), run.hash());
        }
    }

    /// In the order of Algorithm 1, with what each carries.
    @Test
    void eachMessageIsShownWithWhatItCarries() {
        var config = Runs.ring(4);
        try (var run = watched(config)) {
            var exchanges = heard(run, Addresses.EXCHANGES, Exchange.class);
            var tempi = heard(run, Addresses.TEMPO, Tempo.class);
            run.ask(new Command.Advance(Part.UPDATE));
            var held = await(tempi, tempo -> tempo.held().isPresent()).held().orElseThrow();
            assertEquals(new Tempo.Held(1, Learner.GENERATOR, 1, 1, "Generate"), held);
            run.ask(new Command.Advance(Part.UPDATE));
            var shown = Stream.generate(() -> await(exchanges, _ -> true)).limit(6).toList();
            assertEquals(List.of("NextBatch", "Generate", "Judge", "Generate", "Critique", "Improve"),
                    shown.stream().map(Exchange::message).toList());
            assertEquals("vertigan.Judge", shown.get(2).address());
            long rows = config.batch();
            var x = new Exchange.Load("x", List.of(rows, 2L), rows * 2 * Float.BYTES);
            var fakes = new Exchange.Load("G(z)", List.of(rows, 2L), rows * 2 * Float.BYTES);
            assertEquals(List.of(x), shown.getFirst().answered());
            assertEquals(List.of(x, fakes), shown.get(2).sent());
            assertTrue(shown.get(2).figures().containsKey(Metric.LOSS_D) && shown.get(2).learnMillis() > 0
                    && shown.get(2).millis() > shown.get(2).learnMillis(), () -> shown.get(2).toString());
            assertEquals(List.of("∂L/∂G(z)"), shown.getLast().sent().stream().map(Exchange.Load::name).toList());
        }
    }

    /// The one of the turn under way is not kept as one of a step.
    @Test
    void theDuelIsSeenAfterDsUpdate() {
        try (var run = watched(Runs.ring(4))) {
            var glimpses = heard(run, Addresses.GLIMPSES, Scene.class);
            var scenes = heard(run, Addresses.SCENES, Scene.class);
            run.ask(new Command.Advance(Part.UPDATE));
            assertEquals(0, await(glimpses, _ -> true).step());
            run.ask(new Command.Advance(Part.UPDATE));
            await(scenes, scene -> scene.step() == 1);
        }
    }

    @Test
    void thePulseIsTakenWhileSomeoneLooks() {
        try (var run = new Running(temp.resolve("run"), Runs.ring(0)).start()) {
            var pulses = heard(run, Addresses.PULSE, Pulse.class);
            var statuses = heard(run, Addresses.STATUS, Status.class);
            await(statuses, status -> status.step() > 0);
            await(statuses, _ -> true);
            assertTrue(pulses.isEmpty(), "nobody looks");
            run.bus().publish(Addresses.AUDIENCE, new Audience(1));
            var pulse = await(pulses, next -> next.turns() > 0);
            assertEquals(List.of("NextBatch", "Generate", "Judge", "Critique", "Improve"),
                    pulse.messages().stream().map(Pulse.Traffic::message).toList());
            assertEquals(1, pulse.shares().stream().mapToDouble(Double::doubleValue).sum(), 1e-9);
            assertTrue(pulse.shares().stream().allMatch(share -> share > 0), pulse::toString);
            var counts = new CopyOnWriteArrayList<>(pulse.messages().stream().map(Pulse.Traffic::count).toList());
            assertTrue(Math.abs(counts.get(1) - 2 * counts.get(4)) <= 2, "two sets of fakes a turn");
            run.stop();
        }
    }
}
