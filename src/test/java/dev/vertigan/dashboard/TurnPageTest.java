package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import dev.vertigan.bus.Addresses;
import dev.vertigan.cli.Chromium;
import dev.vertigan.values.Command;
import dev.vertigan.values.Exchange;
import dev.vertigan.values.Metric;
import dev.vertigan.values.Pulse;
import dev.vertigan.values.Status;
import dev.vertigan.values.Tempo;
import dev.vertigan.values.Tempo.Held;
import dev.vertigan.values.Tempo.Learner;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a person sees of a turn from the inside, and of the bus.
@Tag("browser")
class TurnPageTest {

    private static final Exchange.Load X = new Exchange.Load("x", List.of(256L, 2L), 2048);
    private static final Exchange.Load FAKES = new Exchange.Load("G(z)", List.of(256L, 2L), 2048);
    private static final Exchange JUDGE = new Exchange(1201, Learner.DISCRIMINATOR, "Judge", "vertigan.Judge", List.of(X, FAKES), List.of(), 1.25,
            0.25, Map.of(Metric.LOSS_D, 1.3125));
    private static final Exchange NEXT_BATCH = new Exchange(1201, Learner.DISCRIMINATOR, "NextBatch", "vertigan.NextBatch", List.of(), List.of(X),
            0.05, 0, Map.of());

    @RegisterExtension
    static final Chromium chromium = new Chromium();

    private Dashboard dashboard;
    private Page page;

    @BeforeEach
    void visit() {
        dashboard = new Dashboard();
        page = chromium.page();
        page.navigate(dashboard.page);
        page.waitForSelector("body:not([data-loading])");
    }

    @AfterEach
    void leave() {
        page.close();
        dashboard.close();
    }

    private void become(Status.State state) {
        dashboard.status = Dashboard.status(state, 1200);
        dashboard.bus.publish(Addresses.STATUS, dashboard.status);
        page.waitForSelector("#stop-button[aria-disabled=" + (state != Status.State.RUNNING) + "]");
    }

    private void held(Held held) {
        dashboard.bus.publish(Addresses.TEMPO, new Tempo(0, Optional.of(held)));
    }

    private void publish(Exchange... exchanges) {
        for (var exchange : exchanges) {
            dashboard.bus.publish(Addresses.EXCHANGES, exchange);
        }
    }

    @Test
    void aStoppedRunGoesOnByOneUpdateOfWhoeverIsNext() {
        assertEquals("true", page.getAttribute("#update-d", "aria-disabled"), "a running run is not stepped into");
        become(Status.State.STOPPED);
        page.waitForSelector("#update-d[aria-disabled=false]");
        assertEquals("true", page.getAttribute("#update-g", "aria-disabled"), "D learns first");
        page.click("#update-d");
        Chromium.await(page, () -> !dashboard.commands.isEmpty());
        held(new Held(1201, Learner.GENERATOR, 1, 1, "Generate"));
        page.waitForFunction("() => document.querySelector('#turn-told').textContent === 'turn 1,201 is held: G learns next'");
        assertEquals("true", page.getAttribute("#update-d", "aria-disabled"));
        page.click("#update-g");
        page.click("#next-message");
        Chromium.await(page, () -> dashboard.commands.size() == 3);
        assertEquals(List.of(new Command.Advance(Command.Part.UPDATE), new Command.Advance(Command.Part.UPDATE),
                new Command.Advance(Command.Part.MESSAGE)), List.copyOf(dashboard.commands));
        held(new Held(1202, Learner.DISCRIMINATOR, 2, 3, "NextBatch"));
        page.waitForFunction("() => document.querySelector('#turn-told').textContent.endsWith('D learns next (2 of 3)')");
    }

    /// With its address, shapes, bytes and milliseconds, in words, and on the board.
    @Test
    void eachMessageIsLitOneAfterTheOther() {
        become(Status.State.STOPPED);
        publish(NEXT_BATCH, JUDGE);
        page.waitForSelector("#turn-messages [aria-current][data-message=NextBatch]");
        assertFalse(page.isVisible("#turn-plan"));
        assertTrue(page.isVisible("game-board .node.real[data-lit]"), "the data are asked");
        page.waitForSelector("#turn-messages [aria-current][data-message=Judge]");
        assertEquals(2, page.locator("#turn-messages li").count());
        assertEquals(
                List.of("vertigan.Judge", "x [256, 2] 2,048 B, G(z) [256, 2] 2,048 B", "D’s loss 1.3125", "1.25 ms, of which the optimiser 0.250 ms"),
                page.locator("turn-view .facts dd").allInnerTexts());
        assertTrue(page.innerText("#turn-sentence").startsWith("D scores real and generated samples"));
        assertEquals(List.of("discriminator"),
                page.locator("game-board .node[data-lit]").evaluateAll("nodes => nodes.map((node) => node.classList[1])"));
        assertEquals(List.of("G(z) 256×2", "x 256×2"), page.locator("game-board .label[data-lit]").allTextContents());
        become(Status.State.RUNNING);
        page.waitForSelector("game-board:not([data-lit])");
        assertEquals(0, page.locator("#turn-messages li").count(), "at full speed nobody can follow");
        assertEquals(List.of("next minibatch", "make samples", "learn", "criticise", "learn"), page.locator("#turn-plan .what").allInnerTexts(),
                "what a turn is made of");
    }

    @Test
    void theSpeedIsSteeredAndWhatTheTrainerSays() {
        page.focus("#pace");
        page.keyboard().press("Home");
        Chromium.await(page, () -> !dashboard.commands.isEmpty());
        assertEquals(List.of(new Command.SetPace(0.2)), List.copyOf(dashboard.commands));
        assertEquals("a turn in 5.0 s", page.innerText("#pace-told"));
        dashboard.bus.publish(Addresses.TEMPO, new Tempo(0, Optional.empty()));
        page.waitForFunction("() => document.querySelector('#pace-told').textContent === 'full speed'");
        assertEquals("20", page.inputValue("#pace"));
    }

    @Test
    void theBusIsSeen() {
        dashboard.bus.publish(Addresses.PULSE, new Pulse(2, 300, List.of(new Pulse.Traffic("Judge", "vertigan.Judge", 600, 4_000_000, 1.25, 4.5)),
                List.of(0.05, 0.5, 0.1, 0.2, 0.1, 0.05)));
        page.waitForFunction("() => document.querySelector('#bus-told').textContent === '300 messages, 150 turns a second'");
        assertEquals(List.of("300", "1.25 ms", "4.50 ms", "2.0 MB/s"), page.locator("bus-view [data-message=Judge] td").allInnerTexts());
        assertEquals("50 %", page.innerText("#bus-shares li:nth-child(2) .number"));
        double whole = page.locator("bus-view .bar").boundingBox().width;
        assertEquals(0.5 * whole, page.locator("bus-view .bar .discriminator:not(.light)").boundingBox().width, 2, "half of the bar");
    }
}
