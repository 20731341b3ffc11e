package dev.vertigan;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;

/// How many objects of each class can be reached: a leak is a class of which there are ever more.
///
/// @param histogram as the JVM prints it: one text, so that what is kept of one count hardly shows in the next
public record Instances(String histogram) {

    private static final String FILLER = "jdk.internal.vm.FillerElement;"; // what the JVM fills gaps of its heap with

    private static final Pattern LINE = Pattern.compile("(?m)^ *\\d+: +(\\d+) +\\d+ +(\\S+)");

    /// Counts them, after a collection of garbage.
    public static Instances now() {
        try {
            return new Instances((String) ManagementFactory.getPlatformMBeanServer().invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram", new Object[] {new String[0]},
                    new String[] {String[].class.getName()}));
        } catch (JMException e) {
            throw new IllegalStateException("this JVM does not count its objects", e);
        }
    }

    private Map<String, Long> counts() {
        return LINE.matcher(histogram).results()
                .filter(line -> !line.group(2).endsWith(FILLER))
                .collect(Collectors.toMap(line -> line.group(2), line -> Long.valueOf(line.group(1)), Long::sum, TreeMap::new));
    }

    /// The classes of which there are so many more than before, one a line: none is an empty text.
    public String grown(Instances before, long atLeast) {
        var old = before.counts();
        return counts().entrySet().stream()
                .filter(entry -> entry.getValue() - old.getOrDefault(entry.getKey(), 0L) >= atLeast)
                .map(entry -> "%s: %,d, before %,d".formatted(entry.getKey(), entry.getValue(), old.getOrDefault(entry.getKey(), 0L)))
                .collect(Collectors.joining("\n"));
    }
}
