package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.vertigan.cli.Chromium;
import dev.vertigan.config.UserError;
import dev.vertigan.data.Dataset;
import dev.vertigan.values.Report;
import dev.vertigan.values.Reports;
import dev.vertigan.values.Status;
import io.vertx.core.http.HttpMethod;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a person sees and does of the runs beside the one that is shown, which the test makes up: the run itself, and a fork of it at step 2,000.
@Tag("browser")
class RunsPageTest {

    private static final String PARENT = Dashboard.INFO.name();
    private static final String FORK = "gentler";

    private static Chromium chromium;

    @TempDir
    private Path temp;

    private final List<String> done = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void open() {
        chromium = new Chromium();
    }

    @AfterAll
    static void close() {
        chromium.close();
    }

    /// D's loss is that of its run, and what else there is of the same kind.
    private static List<Report> reports(long from, long to, double lossD) {
        return LongStream.rangeClosed(from, to).filter(step -> step % 100 == 0)
                .mapToObj(step -> Reports.of(step, 1_700_000_000_000L + step, lossD, 9, 0.5, 0.5, 2, 3, 0.001, 0.002, 4.5, 50_000)).toList();
    }

    private final class Two implements Runs {

        private final List<String> tags = new ArrayList<>();

        @Override
        public List<Run> list() {
            return List.of(
                    new Run(FORK, false, "ring", Dataset.Kind.POINTS_2D, "non-saturating", 1, "", 0, Optional.of(4_000L), 0, 0, "stop",
                            Optional.of(new Lineage(PARENT, 2_000, Map.of())), Optional.of(reports(4_000, 4_000, 3).getFirst()), List.copyOf(tags),
                            ""),
                    new Run(PARENT, true, "ring", Dataset.Kind.POINTS_2D, "non-saturating", 1, "ring", 0, Optional.of(4_000L), 0, 0, "stop",
                            Optional.empty(), Optional.empty(), List.of(), ""));
        }

        @Override
        public boolean note(String name, List<String> now, String note) {
            done.add("note " + name + " " + now);
            tags.clear();
            tags.addAll(now);
            return true;
        }

        @Override
        public Optional<History> history(String name) {
            return name.equals(FORK) ? Optional.of((_, _) -> reports(2_100, 4_000, 3)) : Optional.empty();
        }

        @Override
        public Optional<Samples> samples(String name) {
            return Optional.of(new Samples() {

                @Override
                public List<Long> steps() {
                    return List.of(2_000L, 3_000L, 4_000L);
                }

                @Override
                public Optional<byte[]> read(long step, String suffix) {
                    return Optional.of(new byte[16]);
                }
            });
        }

        @Override
        public void rename(String name, String to) {
            done.add("rename " + name + " " + to);
        }

        @Override
        public void delete(String name) {
            if (name.equals(PARENT)) {
                throw new UserError("expected a run that is not being played");
            }
            done.add("delete " + name);
        }

        @Override
        public List<Preset> presets() {
            return List.of(new Preset("ring", "ring", "relativistic"), new Preset("mnist", "mnist", "non-saturating"));
        }

        @Override
        public Optional<byte[]> thumbnail(String preset) {
            return Optional.empty();
        }

        @Override
        public void begin(String name, String preset, Map<String, JsonNode> settings, Optional<String> data) {
            if (settings.containsKey("batch")) {
                throw new UserError("the configuration has a problem:\n  batch: expected a whole number");
            }
            done.add("begin " + name + " " + preset + " " + settings + data.map(set -> " " + set.replaceAll("\\d+", "N")).orElse(""));
        }

        @Override
        public Path data() {
            return temp;
        }
    }

    private Dashboard serve() {
        var dashboard = new Dashboard(Dashboard.LOOPBACK, LiveLimits.DEFAULT, ConnectionLimits.ofProcess(),
                new Kept((since, _) -> reports(since + 1, 4_000, 1), Samples.none(), _ -> List.of(), new Two()));
        dashboard.status = Dashboard.status(Status.State.STOPPED, 4_000);
        return dashboard;
    }

    private static Page visit(Dashboard dashboard, String hash) {
        var page = chromium.page();
        page.addInitScript(
                "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shift += entry.value; }))"
                        + ".observe({ type: 'layout-shift', buffered: true });");
        page.navigate(dashboard.page + "/" + hash);
        page.waitForSelector("body:not([data-loading])");
        return page;
    }

    /// Of D's loss, how many pixels in its colour there are between two steps and two values, of a window of 300 steps and an axis from 0 to 10.
    private static int blue(Page page, double fromStep, double toStep, double fromValue, double toValue) {
        return ((Number) page.evaluate("""
                ([left, right, bottom, top]) => {
                  const canvas = document.querySelector('#loss-chart canvas');
                  const ratio = canvas.width / canvas.clientWidth;
                  const width = canvas.clientWidth - 46 - 38, height = canvas.clientHeight - 10 - 24;
                  const x = 46 + left * width, y = 10 + (1 - top) * height;
                  const { data } = canvas.getContext('2d').getImageData(x * ratio, y * ratio,
                      (right - left) * width * ratio, (top - bottom) * height * ratio);
                  let blue = 0;
                  for (let at = 0; at < data.length; at += 4) {
                    blue += data[at + 3] > 100 && data[at + 2] > data[at] + 100 ? 1 : 0;
                  }
                  return blue;
                }""", List.of((fromStep - 1_900) / 300, (toStep - 1_900) / 300, fromValue / 10, toValue / 10))).intValue();
    }

    @Test
    void aForkIsDrawnOverItsParentFromTheVeryStepWhereItLeftIt() {
        try (var dashboard = serve(); var page = visit(dashboard, "#smooth=0&zoom=1900-2200&with=" + FORK)) {
            page.waitForSelector("#loss-chart[data-others='gentler']");
            page.waitForSelector(".over [data-run='gentler']");
            assertTrue(blue(page, 2_020, 2_080, 1.7, 2.7) > 5, "from 1, the parent's, at step 2,000 to 3 at step 2,100");
            assertEquals(0, blue(page, 1_910, 1_990, 1.7, 2.7), "not before");
            page.waitForSelector("run-compare figure[data-step='4000']");
            double shift = ((Number) page.evaluate("() => window.shift")).doubleValue();
            assertTrue(shift < 0.05, () -> "layout shift " + shift);
            page.click(".over button");
            page.waitForSelector("#loss-chart[data-others='']", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.ATTACHED));
            assertEquals(0, blue(page, 2_020, 2_080, 1.7, 2.7), "it is gone");
            assertTrue(page.isHidden("run-compare"));
        }
    }

    @Test
    void aRunIsArchivedRenamedAndAfterAQuestionDeleted() {
        try (var dashboard = serve(); var page = visit(dashboard, "")) {
            page.click("#run-details summary");
            page.selectOption("[aria-label='Do with gentler']", "Archive");
            page.waitForSelector("tr[data-run='gentler']", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.DETACHED));
            page.check("#run-archived");
            page.selectOption("[aria-label='Do with gentler']", "Bring back");
            Chromium.await(page, () -> done.size() == 2);
            page.selectOption("[aria-label='Do with gentler']", "Rename");
            page.fill("#new-name", "kinder");
            page.click("text='Rename' >> visible=true >> nth=-1");
            Chromium.await(page, () -> done.size() == 3);
            page.waitForSelector("tr[data-run='gentler']");
            page.selectOption("[aria-label='Do with gentler']", "Delete");
            page.click("dialog.question button.primary");
            page.waitForSelector("dialog.question", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.DETACHED));
            assertEquals(3, done.size(), "it is kept");
            page.waitForSelector("tr[data-run='gentler']");
            page.selectOption("[aria-label='Do with gentler']", "Delete");
            page.click("dialog.question button.danger");
            Chromium.await(page, () -> done.size() == 4);
            assertEquals(List.of("note gentler [archived]", "note gentler []", "rename gentler kinder", "delete gentler"), done);
            assertTrue(page.isHidden("[aria-label='Do with " + PARENT + "']"), "nothing is done to the run that is played");
            assertEquals(400, dashboard.request(HttpMethod.DELETE, "/api/runs/" + PARENT, Map.of(), "").status());
        }
    }
}
