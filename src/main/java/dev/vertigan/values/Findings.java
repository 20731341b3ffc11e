package dev.vertigan.values;

import java.util.List;

/// What was found of the game and has not passed.
///
/// @param standing one of each kind at most, in the order in which they were found
public record Findings(List<Finding> standing) {

    public Findings {
        standing = List.copyOf(standing);
    }
}
