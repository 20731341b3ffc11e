package dev.vertigan.cli;

import dev.vertigan.config.Spelling;
import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What the command line's words are read as, and what is said where they do not fit.
final class Arguments {

    private static final String WHOLE = "-?\\d+";

    private Arguments() {}

    /// For all commands that the line has so far.
    static void register(CommandLine line) {
        line.registerConverter(Path.class, Arguments::path);
        whole(line, int.class, Integer.class, Integer::valueOf, Integer.MAX_VALUE);
        whole(line, long.class, Long.class, Long::valueOf, Long.MAX_VALUE);
        line.registerConverter(Double.class, text -> {
            try {
                return Double.valueOf(text);
            } catch (NumberFormatException _) {
                throw expected("a number", text);
            }
        });
    }

    static Path path(String text) {
        if (text.isBlank()) {
            throw expected("a path", text);
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException _) {
            throw expected("a path that this system can have", text);
        }
    }

    private static <T> void whole(CommandLine line, Class<T> primitive, Class<T> boxed, ITypeConverter<T> reading, long most) {
        ITypeConverter<T> converter = text -> {
            try {
                return reading.convert(text);
            } catch (NumberFormatException _) {
                boolean large = text.matches(WHOLE) && new BigInteger(text).signum() > 0;
                throw expected("a whole number" + (large ? " of at most " + most : ""), text);
            }
        };
        line.registerConverter(primitive, converter);
        line.registerConverter(boxed, converter);
    }

    private static TypeConversionException expected(String what, String found) {
        return new TypeConversionException(String.format(Locale.ROOT, "expected %s, found \"%s\"", what, found));
    }

    /// What is wrong with a call, in words of this program.
    static String problem(ParameterException e) {
        return switch (e) {
            case UnmatchedArgumentException unmatched when !unmatched.getUnmatched().isEmpty() -> unknown(unmatched);
            case MissingParameterException missing when String.valueOf(missing.getMessage()).startsWith("Missing required") -> "expected "
                    + missing.getMissing().stream().map(Arguments::written).collect(Collectors.joining(" and ")) + ", found none";
            case ParameterException wrong when wrong.getCause() instanceof TypeConversionException type && wrong.getArgSpec() != null ->
                name(wrong.getArgSpec()) + ": " + type.getMessage();
            default -> String.valueOf(e.getMessage());
        };
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String written(ArgSpec argument) {
        return argument instanceof OptionSpec ? name(argument) + " " + argument.paramLabel() : name(argument);
    }

    /// Of a word that is neither command nor option, with what was probably meant.
    private static String unknown(UnmatchedArgumentException e) {
        String word = e.getUnmatched().getFirst();
        var spec = e.getCommandLine().getCommandSpec();
        if (word.startsWith("-")) {
            return "unknown option " + word + Spelling.hint(word, spec.optionsMap().keySet());
        }
        return spec.subcommands().isEmpty() ? String.format(Locale.ROOT, "expected no more arguments, found \"%s\"", word)
                : String.format(Locale.ROOT, "unknown command \"%s\"", word) + Spelling.hint(word, spec.subcommands().keySet());
    }
}
