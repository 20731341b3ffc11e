package dev.vertigan.export;

import dev.vertigan.data.Form;
import dev.vertigan.picture.Pictures;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// Writes one tar archive with one PNG a sample, `000000123.png`. The same samples give the same bytes.
public final class PngArchive implements Sink {

    private final Unfinished file;
    private final TarArchiveOutputStream tar;
    private final Form form;
    private long written;

    /// @param form of the samples: images
    /// @throws IOException if the file cannot be written
    public PngArchive(Path path, Form form) throws IOException {
        file = new Unfinished(path);
        tar = new TarArchiveOutputStream(file.stream());
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        this.form = form;
    }

    @Override
    public void write(float[] samples) throws IOException {
        int features = form.features();
        for (int from = 0; from < samples.length; from += features, written++) {
            byte[] png = Pictures.png(form.shape(), Arrays.copyOfRange(samples, from, from + features), 0);
            var entry = new TarArchiveEntry(PngFolder.name(written));
            entry.setLastModifiedTime(FileTime.fromMillis(0));
            entry.setSize(png.length);
            tar.putArchiveEntry(entry);
            tar.write(png);
            tar.closeArchiveEntry();
        }
    }

    @Override
    public void finish() throws IOException {
        tar.finish();
        tar.flush();
        file.finish();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
