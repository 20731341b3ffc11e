package dev.vertigan.cli;

import java.util.Optional;

/// Which version runs.
final class Version {

    /// From the JAR; `development` when run from classes.
    static final String CURRENT = Optional.ofNullable(Version.class.getPackage().getImplementationVersion()).orElse("development");

    private Version() {}
}
