package dev.vertigan.values;

/// Who looks at the run: what only a page wants to see is not computed for nobody.
///
/// @param pages open dashboards
public record Audience(int pages) {}
