package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Page;
import dev.vertigan.bus.Addresses;
import dev.vertigan.cli.Chromium;
import dev.vertigan.values.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What the page draws of a column, by its own module in a browser.
@Tag("browser")
class CurvesTest {

    @RegisterExtension
    static final Chromium chromium = new Chromium();

    private static Dashboard dashboard;
    private static Page page;

    @BeforeAll
    static void open() {
        dashboard = new Dashboard();
        page = chromium.page();
        page.navigate(dashboard.page);
    }

    @AfterAll
    static void close() {
        dashboard.close();
    }

    private static List<Double> smooth(List<Integer> steps, List<Double> values, double scale) {
        var found = (List<?>) page.evaluate("""
                async ({ steps, values, scale }) => {
                  const { smooth } = await import('./components/line-chart/curves.js');
                  return [...smooth(Float64Array.from(steps), Float64Array.from(values), scale)];
                }""", Map.of("steps", steps, "values", values, "scale", scale));
        return found.stream().map(value -> ((Number) value).doubleValue()).toList();
    }

    @Test
    void aFirstValueCountsNoMoreThanAnother() {
        var steps = new ArrayList<Integer>();
        var values = new ArrayList<Double>();
        for (int row = 1; row <= 100; row++) {
            steps.add(10 * row);
            values.add(row == 1 ? 10.0 : 1.0);
        }
        // A memory longer than the run makes it the plain mean.
        assertEquals(1.09, smooth(steps, values, 1e9).getLast(), 1e-6);
        assertEquals(1.09, smooth(steps, values, 1e9).get(1), 1e-6);
    }

    @Test
    void itIsTheMeanWithWeightsThatFallByTheSteps() {
        var random = RandomGenerator.of("L64X128MixRandom");
        var steps = new ArrayList<Integer>();
        var values = new ArrayList<Double>();
        for (int row = 0, step = 0; row < 200; row++) {
            step += row % 7 == 0 ? 30 : 10;
            steps.add(step);
            values.add(row == 50 ? Double.NaN : random.nextDouble());
        }
        double scale = 120;
        var smoothed = smooth(steps, values, scale);
        assertTrue(Double.isNaN(smoothed.get(50)));
        for (int row = 0; row < 200; row++) {
            double sum = 0;
            double weights = 0;
            int last = steps.get(0) - (steps.get(1) - steps.get(0));
            for (int i = 0; i < 200; i++) {
                if (Double.isFinite(values.get(i))) {
                    double weight = (1 - Math.exp((last - steps.get(i)) / scale)) * Math.exp(-Math.abs(steps.get(i) - steps.get(row)) / scale);
                    sum += weight * values.get(i);
                    weights += weight;
                    last = steps.get(i);
                }
            }
            if (row != 50) {
                assertEquals(sum / weights, smoothed.get(row), 1e-9, "row " + row);
            }
        }
    }

    /// The newest report of a long run is less than half a pixel.
    @Test
    void aLongRunsCurvesFollowAndThoseOutOfSightWaitUntilTheyAreScrolledTo() {
        long last = 20_000;
        History history = (after, to, _) -> LongStream.rangeClosed(1, 4000).map(row -> row * last / 4000).filter(step -> step > after && step <= to)
                .mapToObj(Dashboard::report).toList();
        try (var run = new Dashboard(Dashboard.LOOPBACK, LiveLimits.DEFAULT, history, Samples.none()); var seen = chromium.page()) {
            run.status = Dashboard.status(Status.State.RUNNING, last);
            seen.navigate(run.page);
            seen.waitForSelector("body:not([data-loading])");
            drawn(seen, "loss", last);
            drawn(seen, "score", last);
            run.bus.publish(Addresses.REPORTS, Dashboard.report(last + 1));
            drawn(seen, "score", last + 1);

            seen.setViewportSize(1440, 250);
            run.bus.publish(Addresses.REPORTS, Dashboard.report(last + 2));
            drawn(seen, "loss", last + 2);
            assertEquals(Long.toString(last + 1), seen.getAttribute("#score-chart", "data-drawn-step"));
            seen.locator("#score-chart").scrollIntoViewIfNeeded();
            drawn(seen, "score", last + 2);
        }
    }

    private static void drawn(Page page, String chart, long step) {
        page.waitForSelector("#" + chart + "-chart[data-drawn-step='" + step + "']");
    }
}
