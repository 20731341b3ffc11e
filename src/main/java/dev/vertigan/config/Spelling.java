package dev.vertigan.config;

import java.util.Collection;
import java.util.Comparator;

/// Finds what was probably meant.
public final class Spelling {

    private Spelling() {}

    /// The nearest of the known words. A path's last part alone is as good as the path: `objective` means `game.objective`.
    ///
    /// @param known not empty
    public static String nearest(String word, Collection<String> known) {
        return known.stream().min(Comparator.<String>comparingInt(path -> distance(word, path)).thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
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
