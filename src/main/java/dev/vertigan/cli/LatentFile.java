package dev.vertigan.cli;

import dev.vertigan.config.UserError;
import dev.vertigan.data.NpyFile;
import dev.vertigan.game.Latents;
import dev.vertigan.tensor.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Latents from a file, if one was given.
record LatentFile(Optional<NpyFile> file) implements Latents, AutoCloseable {

    /// @param size of a latent
    /// @throws UserError if the file holds none of that size
    static LatentFile open(Optional<Path> path, int size) {
        var file = path.map(NpyFile::open);
        file.ifPresent(array -> {
            long[] shape = array.shape();
            if (shape.length != 2 || shape[1] != size || shape[0] < 1) {
                array.close();
                throw new UserError(String.format(Locale.ROOT, "%s: expected latents [n, %d], found %s", path.orElseThrow(), size,
                        Arrays.toString(shape)));
            }
        });
        return new LatentFile(file);
    }

    boolean isPresent() {
        return file.isPresent();
    }

    long count() {
        return file.orElseThrow().shape()[0];
    }

    /// Beyond the last row, what was there stays: a pass is filled up with it.
    @Override
    public void fill(Tensor z, long from) {
        float[] rows = file.orElseThrow().rows(from, (int) Math.clamp(count() - from, 0, z.extent(0)));
        z.set(0, rows, rows.length, 1);
    }

    @Override
    public void close() {
        file.ifPresent(NpyFile::close);
    }
}
