package dev.vertigan.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// The Chromium of this machine, one for all tests of a process (`@RegisterExtension static`), with which it ends; without one, they are skipped.
public final class Chromium implements BeforeAllCallback, AfterAllCallback {

    static final double PATIENCE_MILLIS = 60_000;

    private static Optional<Browser> shared = Optional.empty();

    private Browser browser;

    @Override
    public void beforeAll(ExtensionContext context) {
        var chromium = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome").map(Path::of).filter(Files::isExecutable)
                .findFirst();
        assumeTrue(chromium.isPresent(), "no Chromium is installed: the dashboard is not tested in a browser");
        if (shared.isEmpty()) {
            shared = Optional.of(launch(chromium.get()));
        }
        browser = shared.get();
    }

    private static Browser launch(Path chromium) {
        var playwright = Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        return playwright.chromium().launch(new BrowserType.LaunchOptions().setExecutablePath(chromium).setChromiumSandbox(false)
                .setArgs(List.of("--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                        "--disable-quic")));
    }

    /// A page with cookies of its own.
    public Page page() {
        return page(new Browser.NewPageOptions().setViewportSize(1440, 1000));
    }

    /// As a phone has it: small, and for fingers.
    public Page phone() {
        return page(new Browser.NewPageOptions().setViewportSize(390, 844).setHasTouch(true).setIsMobile(true));
    }

    private Page page(Browser.NewPageOptions options) {
        var page = browser.newPage(options);
        page.setDefaultTimeout(PATIENCE_MILLIS);
        return page;
    }

    public static void await(Page page, BooleanSupplier condition) {
        page.waitForCondition(condition, new Page.WaitForConditionOptions().setTimeout(PATIENCE_MILLIS));
    }

    /// Closes all pages, with what they keep.
    public void closePages() {
        browser.contexts().forEach(BrowserContext::close);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (browser != null) {
            closePages();
        }
    }
}
