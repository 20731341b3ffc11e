package dev.vertigan.data;

import dev.vertigan.data.Datasets.Split;
import java.nio.file.Path;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// PNG and JPEG files of a folder, decoded as they are wanted and kept as bytes as far as memory allows.
///
/// A sample is a pure function of its file: whoever changes files while a run goes on changes the run.
final class FolderImages implements Dataset {

    static final String NAME = "images";

    private static final Logger LOG = LoggerFactory.getLogger(FolderImages.class);
    private static final int SHARE = 3; // one in so many bytes of the heap is for samples

    private final ImageFolder folder;
    private final ImageDecoder decoder;
    private final SampleCache kept;

    /// @param budget bytes of samples kept
    FolderImages(ImageFolder folder, ImageDecoder decoder, long budget) {
        this.folder = folder;
        this.decoder = decoder;
        kept = new SampleCache(size(), budget / features(), index -> decode(folder.files().get((int) index)));
    }

    /// @param dir the folder, or a .zip archive of one
    /// @param extent pixels a side
    /// @param channels 3 or 1
    /// @throws UserError if there is no image, or none of that split
    static FolderImages open(String dir, Split split, int extent, int channels) {
        var folder = ImageFolder.open(Path.of(dir), split);
        if (!folder.remark().isEmpty()) {
            LOG.warn("{}: {}", folder.place(), folder.remark());
        }
        return new FolderImages(folder, new ImageDecoder(extent, channels), Runtime.getRuntime().maxMemory() / SHARE);
    }

    private byte[] decode(ImageFolder.Image image) {
        return decoder.decode(folder.place() + "/" + image.name(), image.content());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Kind kind() {
        return Kind.IMAGE;
    }

    @Override
    public int[] shape() {
        return new int[] {decoder.extent(), decoder.extent(), decoder.channels()};
    }

    @Override
    public long size() {
        return folder.files().size();
    }

    @Override
    public int classes() {
        return folder.classes().size();
    }

    /// @throws UserError if the file cannot be read or is no image, naming it
    @Override
    public void read(long index, float[] target, int offset) {
        Pixels.toUnit(kept.get(Objects.checkIndex(index, size())), 0, target, offset, features());
    }

    @Override
    public Fingerprint fingerprint() {
        return folder.fingerprint(Fingerprint.of(this));
    }

    @Override
    public int label(long index) {
        return folder.files().get((int) Objects.checkIndex(index, size())).label();
    }
}
