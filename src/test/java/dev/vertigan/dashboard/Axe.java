package dev.vertigan.dashboard;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/// axe-core, which finds what keeps people from using a page: too little contrast, fields without names, headings out of order …
final class Axe {

    private static final String SCRIPT = read("/axe.min.js");

    private Axe() {}

    /// What it finds in a page as it is shown: each rule that is broken, with the elements that break it.
    static List<String> violations(Page page) {
        if (!(Boolean) page.evaluate("() => 'axe' in window")) {
            page.evaluate(SCRIPT + "; undefined"); // not by a script element: the page's own policy refuses those
        }
        return ((List<?>) page.evaluate("""
                async () => (await axe.run(document, { resultTypes: ['violations'] })).violations.map(({ id, help, nodes }) =>
                  `${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join('; ')}`)""")).stream().map(String::valueOf).toList();
    }

    private static String read(String resource) {
        try (InputStream script = Objects.requireNonNull(Axe.class.getResourceAsStream(resource), resource)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
