package dev.vertigan.config;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;

/// Finds what was probably meant by a word that is not known.
public final class Spelling {

    private Spelling() {}

    private static final int LONGEST = 64; // what is much longer is equally far from everything

    private static final int FEW = 4; // of so many letters one may be wrong
    private static final double WRONG = 0.5; // of a word's letters; with more it is another word
    private static final int STRANGE = 100; // a part that a path does not have weighs more than all that the word lacks

    /// What to add to an error about an unknown word: `; did you mean train?`, or nothing if no known word is like it.
    public static String hint(String word, Collection<String> known) {
        if (known.isEmpty()) {
            return "";
        }
        String cut = cut(word);
        String nearest = nearest(cut, known);
        boolean near = distance(cut, nearest) <= WRONG * cut.length() || strangers(cut, nearest) < parts(cut).size();
        return near ? "; did you mean " + nearest + "?" : "";
    }

    /// The nearest of the known words, the first of several. A path's last part alone is as good as the path: `objective` means
    /// `game.objective`. A word of which too many letters are wrong is compared part by part: `learning_rate` means `generator.optimiser.rate`.
    ///
    /// @param known not empty
    static String nearest(String word, Collection<String> known) {
        String cut = cut(word);
        String nearest = first(known, path -> distance(cut, path));
        String alike = first(known, path -> STRANGE * strangers(cut, path) + parts(path).size());
        int parts = parts(cut).size();
        int strangers = strangers(cut, alike);
        boolean byParts = parts > 1 && strangers == 0 || distance(cut, nearest) > cut.length() / FEW && strangers < parts;
        return byParts ? alike : nearest;
    }

    private static String cut(String word) {
        return word.substring(0, Math.min(word.length(), LONGEST));
    }

    private static String first(Collection<String> known, ToIntFunction<String> distance) {
        return known.stream().min(Comparator.comparingInt(distance)).orElseThrow();
    }

    /// The parts of a word that a path has none like.
    private static int strangers(String word, String path) {
        var known = parts(path);
        return (int) parts(word).stream().filter(part -> known.stream().noneMatch(like -> edits(part, like) <= like.length() / FEW)).count();
    }

    private static List<String> parts(String word) {
        return Arrays.stream(word.split("[^A-Za-z0-9]+|(?<=[a-z])(?=[A-Z])")).map(part -> part.toLowerCase(Locale.ROOT))
                .filter(part -> !part.isEmpty()).toList();
    }

    private static int distance(String word, String path) {
        return Math.min(edits(word, path), edits(word, path.substring(path.lastIndexOf('.') + 1)));
    }

    /// Letters to insert, remove or replace to turn one word into the other (Levenshtein 1966).
    static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
