package dev.vertigan.run;

import dev.vertigan.config.UserError;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;

/// Says in words what the file system's exceptions say in class names.
public final class Failures {

    private Failures() {}

    /// What a person needs to know of a failure.
    public static String reason(Exception e) {
        return switch (e) {
            case AccessDeniedException denied -> denied.getFile() + ": no permission";
            case NoSuchFileException missing -> missing.getFile() + ": not there";
            case NotDirectoryException file -> file.getFile() + ": not a folder";
            case FileAlreadyExistsException there -> there.getFile() + ": something of that name is there already";
            case FileSystemException other when other.getReason() != null -> other.getFile() + ": " + other.getReason();
            case ClosedByInterruptException _ -> "the thread that wrote was interrupted";
            default -> Objects.requireNonNullElse(e.getMessage(), e.toString());
        };
    }

    static UserError of(Path where, String expected, IOException e) {
        return new UserError(String.format(Locale.ROOT, "%s: expected %s, found: %s. Check that the folder exists, is writable and has room.", where,
                expected, reason(e)), e);
    }
}
