package dev.vertigan.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.microsoft.playwright.Page;
import dev.vertigan.bus.Addresses;
import dev.vertigan.cli.Chromium;
import dev.vertigan.duel.SceneWriter;
import dev.vertigan.values.GetNetworks;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What a person sees of the layers, of looks that the test makes up.
@Tag("browser")
class LayersPageTest {

    private static final String GENERATOR = """
            {"input":[2],"parameters":20,"tensors":["1.weight","1.bias","2.1.weight"],"outputs":["1","2","2.1","3"],"layers":[
              {"path":"1","words":"dense relu","in":[2],"out":[4],"parameters":12,"layers":[]},
              {"path":"2","words":"residual","in":[4],"out":[4],"parameters":8,"layers":[
                {"path":"2.1","words":"dense linear","in":[4],"out":[4],"parameters":8,"layers":[]}]},
              {"path":"3","words":"reshape","in":[4],"out":[2,2,1],"parameters":0,"layers":[]}]}""";
    private static final String DISCRIMINATOR = """
            {"input":[2],"parameters":3,"tensors":["1.weight"],"outputs":["1"],"layers":[
              {"path":"1","words":"projection linear","in":[2],"out":[1],"parameters":3,"layers":[]}]}""";

    @RegisterExtension
    static final Chromium chromium = new Chromium();

    private final Dashboard dashboard = new Dashboard();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private Page page;

    @BeforeEach
    void visit() throws JsonProcessingException {
        var networks = new GetNetworks.Networks(new JsonMapper().readTree(GENERATOR), new JsonMapper().readTree(DISCRIMINATOR));
        dashboard.bus.serve(GetNetworks.class, _ -> networks);
        look(100, 0.001f, 0);
        page = chromium.page();
        page.onRequest(request -> asked.add(request.url()));
        page.navigate(dashboard.page);
        page.waitForSelector("body:not([data-loading])");
    }

    @AfterEach
    void leave() {
        dashboard.close();
        chromium.closePages();
    }

    /// @param ratio of the first layer
    /// @param mean of its activations
    private void look(long step, float ratio, float mean) {
        var writer = new SceneWriter();
        write(writer, "generator", 3, 4, ratio, mean);
        write(writer, "discriminator", 1, 1, 0.5f, 0);
        dashboard.bus.publish(Addresses.LAYERS, writer.at(step));
    }

    private static void write(SceneWriter writer, String player, int tensors, int outputs, float ratio, float mean) {
        float[] ratios = new float[tensors];
        ratios[0] = ratio;
        writer.add(player + ".ratios", ratios, tensors);
        for (var kind : List.of("weights", "gradients", "activations")) {
            int rows = kind.equals("activations") ? outputs : tensors;
            float[] figures = new float[4 * rows];
            float[] histograms = new float[32 * rows];
            for (int row = 0; row < rows; row++) {
                figures[4 * row] = mean;
                figures[4 * row + 1] = 0.25f;
                figures[4 * row + 2] = -1;
                figures[4 * row + 3] = 1;
                histograms[32 * row + 31] = 1; // all is at the top
            }
            writer.add(player + "." + kind, figures, rows, 4).addCoarse(player + "." + kind + ".histograms", histograms, rows, 32);
        }
    }

    private void open() {
        page.click("layers-view summary");
        page.waitForSelector("#layer-spread[data-step]");
    }

    @Test
    void nothingIsFetchedBeforeItIsOpen() {
        assertTrue(asked.stream().noneMatch(url -> url.contains("/api/layers") || url.contains("/api/network")), asked::toString);
        open();
        assertTrue(asked.stream().anyMatch(url -> url.endsWith("/api/layers?since=-1")), asked::toString);
    }

    @Test
    void theNetworkIsDrawnWithItsShapesAndHowFastEachLayerLearns() {
        open();
        assertEquals(List.of("1 dense relu", "2 residual", "2.1 dense linear", "3 reshape"), page.locator("#network .what").allInnerTexts());
        assertEquals("2 → 4", page.innerText("#network [data-path='1'] .shape"));
        assertEquals("12 learned", page.innerText("#network [data-path='1'] .parameters"));
        assertEquals("1e-3", page.innerText("#network [data-path='1'] .ratio"));
        assertTrue(page.isVisible("#network .block [data-path='2.1']"), "within its block");
        look(200, 0.05f, 0.5f);
        page.waitForSelector("#network [data-path='1'][data-pace=fast]");
        assertEquals("at step 200: mean 0.5000, ±2σ 0.5000, between -1.0000 and 1.0000", page.innerText("#layer-figures"));
        page.click("#layer-player [data-name=discriminator]");
        assertEquals(List.of("1 projection linear"), page.locator("#network .what").allInnerTexts());
    }

    /// The fullest bin is at the top.
    @Test
    void aHistogramIsAsDarkAsItsBinsAreFull() {
        look(200, 0.001f, 0);
        open();
        page.waitForSelector("#layer-spread[data-step='200']");
        var opacities = (List<?>) page.evaluate("""
                () => {
                  const canvas = document.querySelector('#layer-spread');
                  const at = (share) => canvas.getContext('2d').getImageData(canvas.width / 2, canvas.height * share, 1, 1).data[3];
                  return [at(0.1), at(0.7)];
                }""");
        assertTrue(((Number) opacities.get(0)).intValue() > 100 && ((Number) opacities.get(1)).intValue() == 0, opacities::toString);
        page.click("#network [data-path='3']");
        assertTrue(page.isDisabled("#layer-kind [data-name=weights]"), "nothing to learn");
    }

    @Test
    void whatIsAskedForMustBeAStep() {
        assertEquals(400, dashboard.get("/api/layers?since=x").status());
        assertEquals(0, dashboard.get("/api/layers?since=100").bytes().length);
        assertTrue(dashboard.get("/api/layers").bytes().length > 100);
    }
}
