package dev.vertigan.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/// Reads an option that names a file to write. What could not be written is refused before anything is computed for it.
final class OutputFile implements ITypeConverter<Path> {

    @Override
    public Path convert(String text) {
        Path file = Arguments.path(text);
        if (Files.isDirectory(file)) {
            throw new TypeConversionException(String.format(Locale.ROOT, "expected a file to write, found a folder at %s", file));
        }
        Path folder = folder(file);
        if (!Files.isDirectory(folder)) {
            throw new TypeConversionException(
                    String.format(Locale.ROOT, "%s: expected a folder to write the file in, found none at %s; make it first", file,
                            folder));
        }
        return file;
    }

    private static Path folder(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file : parent;
    }

    /// @throws ParameterException if two options of a command name the same file
    static void requireDifferent(ParseResult call) {
        var options = new HashMap<Path, OptionSpec>();
        for (var option : call.matchedOptions()) {
            for (var converter : option.converters()) {
                if (converter instanceof OutputFile) {
                    option.stringValues().forEach(text -> requireFree(Path.of(text).toAbsolutePath().normalize(), option, options, call));
                }
            }
        }
    }

    private static void requireFree(Path file, OptionSpec option, Map<Path, OptionSpec> options, ParseResult call) {
        var other = options.put(file, option);
        if (other != null) {
            throw new ParameterException(call.commandSpec().commandLine(), String.format(Locale.ROOT, "%s, %s: expected two files, found one, %s",
                    other.longestName(), option.longestName(), file));
        }
    }
}
