package dev.vertigan.config;

import java.util.List;

/// A change of settings that is refused: nothing was changed.
public final class InvalidEdit extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /// @param problems each with the setting's path, and what was expected and found
    public InvalidEdit(List<String> problems) {
        super(String.join("\n", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
