package dev.vertigan.export;

import dev.vertigan.data.Form;
import dev.vertigan.picture.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/// Writes one PNG a sample, a thousand in each sub-folder: `00000/000000123.png`.
public final class PngFolder implements Sink {

    private static final int SHARD = 1000;

    private final Path folder;
    private final Form form;
    private long written;

    /// @param folder made if need be
    /// @param form of the samples: images
    /// @throws IOException if it cannot be made
    public PngFolder(Path folder, Form form) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.form = form;
    }

    @Override
    public void write(float[] samples) throws IOException {
        int features = form.features();
        for (int from = 0; from < samples.length; from += features, written++) {
            Path shard = folder.resolve(String.format(Locale.ROOT, "%05d", written / SHARD));
            if (written % SHARD == 0) {
                Files.createDirectories(shard);
            }
            Files.write(shard.resolve(name(written)), Pictures.png(form.shape(), Arrays.copyOfRange(samples, from, from + features), 0));
        }
    }

    static String name(long index) {
        return String.format(Locale.ROOT, "%09d.png", index);
    }

    /// Every file stands by itself.
    @Override
    public void finish() {}

    @Override
    public void close() {}
}
