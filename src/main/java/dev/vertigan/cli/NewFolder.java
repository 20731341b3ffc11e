package dev.vertigan.cli;

import dev.vertigan.run.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads an option that names a folder for many files: one that is not there yet, or empty, so that it holds no others beside them.
final class NewFolder implements ITypeConverter<Path> {

    @Override
    public Path convert(String text) {
        Path folder = Arguments.path(text);
        if (!Files.exists(folder)) {
            return folder;
        }
        try (var files = Files.newDirectoryStream(folder)) {
            if (files.iterator().hasNext()) {
                throw new TypeConversionException(String.format(Locale.ROOT, "expected a new or empty folder, found other files in %s", folder));
            }
        } catch (IOException e) {
            throw new TypeConversionException(String.format(Locale.ROOT, "expected a new or empty folder, found: %s", Failures.reason(e)));
        }
        return folder;
    }
}
