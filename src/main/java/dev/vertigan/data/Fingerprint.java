package dev.vertigan.data;

import dev.vertigan.config.Sha256;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a data set was when a run began, to tell later whether it is still the same and, if not, what differs.
///
/// @param facts by what they say, in words such as `samples` and `content`; hashes as `sha256 …`
public record Fingerprint(SortedMap<String, String> facts) {

    /// Bytes of data that are hashed at most; of larger sets names, sizes and counts must do.
    static final long MOST_HASHED = 1 << 26;

    private static final String HASH = "sha256 ";

    /// Adds to a hash whatever belongs to it.
    @FunctionalInterface
    interface Hashed {

        void into(MessageDigest digest);
    }

    public Fingerprint {
        facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
    }

    /// What every data set has.
    static Fingerprint of(Dataset data) {
        var none = new Fingerprint(new TreeMap<>());
        return none.with("name", data.name()).with("samples", data.size()).with("classes", data.classes());
    }

    Fingerprint with(String fact, Object value) {
        var more = new TreeMap<>(facts);
        more.put(fact, value.toString());
        return new Fingerprint(more);
    }

    Fingerprint withHash(String fact, Hashed hashed) {
        var digest = Sha256.digest();
        hashed.into(digest);
        return with(fact, HASH + HexFormat.of().formatHex(digest.digest()));
    }

    /// What differs from an earlier one, such as `images in cat: 11 instead of 10`; empty if nothing does. Facts that only one of the two has are
    /// not compared: another version may know others.
    public List<String> differences(Fingerprint earlier) {
        var differences = new ArrayList<String>();
        facts.forEach((fact, value) -> {
            String before = earlier.facts.getOrDefault(fact, value);
            if (!before.equals(value)) {
                differences.add(value.startsWith(HASH) ? fact + ": not the same" : fact + ": " + value + " instead of " + before);
            }
        });
        return List.copyOf(differences);
    }
}
