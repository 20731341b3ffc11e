package dev.vertigan.data;

import dev.vertigan.config.UserError;
import dev.vertigan.data.Datasets.Split;
import dev.vertigan.data.Downloads.Progress;
import dev.vertigan.data.Downloads.RemoteFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A published data set of 28×28 grey images in ten classes, as four IDX files of MNIST's names.
///
/// @param train images and labels
/// @param test images and labels
record IdxArchive(String name, Pair train, Pair test) {

    /// @param count images the original has
    record Pair(int count, RemoteFile images, RemoteFile labels) {}

    private static final Logger LOG = LoggerFactory.getLogger(IdxArchive.class);
    private static final int CLASSES = 10;
    private static final int EXTENT = 28;

    static final IdxArchive MNIST = archive("mnist",
            List.of("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"),
            9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
            28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
            1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
            4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6");

    /// Xiao et al. 2017.
    static final IdxArchive FASHION_MNIST = archive("fashion-mnist",
            List.of("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
            26421880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            29515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
            4422102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
            5148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5");

    /// Clanuwat et al. 2018.
    static final IdxArchive KMNIST = archive("kmnist",
            List.of("http://codh.rois.ac.jp/kmnist/dataset/kmnist/"),
            18165135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4",
            29497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17",
            3041136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5",
            5120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c");

    private static IdxArchive archive(String name, List<String> mirrors, long trainImages, String trainImagesSha256, long trainLabels,
            String trainLabelsSha256, long testImages, String testImagesSha256, long testLabels, String testLabelsSha256) {
        return new IdxArchive(name,
                new Pair(60_000, file(mirrors, "train-images-idx3-ubyte.gz", trainImages, trainImagesSha256),
                        file(mirrors, "train-labels-idx1-ubyte.gz", trainLabels, trainLabelsSha256)),
                new Pair(10_000, file(mirrors, "t10k-images-idx3-ubyte.gz", testImages, testImagesSha256),
                        file(mirrors, "t10k-labels-idx1-ubyte.gz", testLabels, testLabelsSha256)));
    }

    private static RemoteFile file(List<String> mirrors, String name, long bytes, String sha256) {
        return new RemoteFile(name, bytes, sha256, mirrors.stream().map(mirror -> URI.create(mirror + name)).toList());
    }

    /// Reads a split from `folder` or its sub-folder of the data set's name; what is in neither is downloaded.
    ///
    /// @throws UserError if a file is neither there nor to be had, or is no good
    IdxImages open(Split split, Path folder, Downloads downloads, Progress progress) {
        var pair = split == Split.TRAIN ? train : test;
        Path images = locate(pair.images, folder, downloads, progress);
        Path labels = locate(pair.labels, folder, downloads, progress);
        var data = new IdxImages(name, images, labels, CLASSES);
        if (data.shape()[0] != EXTENT || data.shape()[1] != EXTENT) {
            throw new UserError(String.format(Locale.ROOT, "%s: expected images of %d×%d pixels, found %d×%d; this is not %s.", images, EXTENT,
                    EXTENT, data.shape()[0], data.shape()[1], name));
        }
        if (data.size() != pair.count) {
            LOG.warn("{}: {} images, the original {} has {}", images, data.size(), name, pair.count);
        }
        return data;
    }

    private Path locate(RemoteFile file, Path folder, Downloads downloads, Progress progress) {
        Path own = folder.resolve(name);
        return Stream.of(folder, own).flatMap(place -> spellings(file.name()).map(place::resolve)).filter(Files::isRegularFile).findFirst()
                .orElseGet(() -> downloads.fetch(file, folder.endsWith(name) ? folder : own, progress));
    }

    /// A file's usual names: packed or not, with the dash that it is published with or the dot that some unpack it to.
    private static Stream<String> spellings(String published) {
        String dashed = published.substring(0, published.length() - ".gz".length());
        String dotted = dashed.replace("-idx", ".idx");
        return Stream.of(dashed, dotted, published, dotted + ".gz");
    }
}
