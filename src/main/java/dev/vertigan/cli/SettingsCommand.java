package dev.vertigan.cli;

import dev.vertigan.config.Setting;
import dev.vertigan.config.Spelling;
import dev.vertigan.config.UserError;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Lists the settings, as `docs/settings.md` has them.
@Command(name = "settings", mixinStandardHelpOptions = true, sortOptions = false, versionProvider = Main.Versions.class,
        description = "Lists the settings: what each means, what it may be, its default, and when it may change.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  vertigan settings                 all",
            "  vertigan settings penalty batch   those with one of these words in their path"})
final class SettingsCommand implements Callable<Integer> {

    private final Console console;

    @Parameters(paramLabel = "WORD", arity = "0..*", description = "Part of a setting's path.")
    private List<String> words = List.of();

    SettingsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        words.forEach(SettingsCommand::requireKnown);
        Setting.all().stream().filter(setting -> words.isEmpty() || words.stream().anyMatch(word -> has(setting, word))).forEach(this::tell);
        return 0;
    }

    private static boolean has(Setting setting, String word) {
        return setting.path().toLowerCase(Locale.ROOT).contains(word.toLowerCase(Locale.ROOT));
    }

    private static void requireKnown(String word) {
        if (Setting.all().stream().noneMatch(setting -> has(setting, word))) {
            throw new UserError(String.format(Locale.ROOT, "expected part of a setting's path, found \"%s\"%s", word,
                    Spelling.hint(word, Setting.all().stream().map(Setting::path).toList())));
        }
    }

    private void tell(Setting setting) {
        console.line(String.format(Locale.ROOT, "%s = %s", setting.path(), setting.initial()));
        console.line("    " + setting.meaning());
        console.line(String.format(Locale.ROOT, "    %s; %s", setting.rule().expected(), changes(setting)));
    }

    private static String changes(Setting setting) {
        if (setting.live()) {
            return "may change while the run goes on";
        }
        return setting.decidesResult() ? "another value is another run" : "may change from one resume to the next";
    }
}
