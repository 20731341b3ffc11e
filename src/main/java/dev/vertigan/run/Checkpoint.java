package dev.vertigan.run;

import dev.vertigan.tensor.Tensor;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Everything a run needs to go on from `step`: a named set of tensors, all finite, and what is to be known about them.
///
/// The tensors are the checkpoint's own: whoever makes one while training goes on hands over copies.
///
/// @param step turns completed, ≥ 0
/// @param tensors G, D, the optimisers' moments and EMA, by name
/// @param metadata anything else, as [#CONFIG_SHA256]; keys not used by the file format itself
public record Checkpoint(long step, SortedMap<String, Tensor> tensors, Map<String, String> metadata) {

    /// Metadata key: SHA-256 of the configuration that the tensors belong to. Checked by whoever resumes.
    public static final String CONFIG_SHA256 = "config_sha256";

    /// Metadata key: how many entries the journal had. [RunFolder#recover] refuses a journal that has fewer.
    public static final String JOURNAL_POSITION = "journal_position";

    /// Metadata key: the branch of the run it belongs to.
    public static final String BRANCH = "branch";

    /// @throws NonFiniteValue if a tensor holds a NaN or an infinity
    public Checkpoint {
        if (step < 0) {
            throw new IllegalArgumentException("step: expected ≥ 0, found " + step);
        }
        tensors = Collections.unmodifiableSortedMap(new TreeMap<String, Tensor>((Map<String, Tensor>) tensors)); // in natural order, whatever it had
        metadata = Map.copyOf(metadata);
        for (var entry : tensors.entrySet()) {
            long index = Finite.firstNonFinite(entry.getValue());
            if (index >= 0) {
                throw new NonFiniteValue(step, entry.getKey(), index, entry.getValue().get(index));
            }
        }
    }

    /// Of its tensors.
    long bytes() {
        return tensors.values().stream().mapToLong(tensor -> tensor.segment().byteSize()).sum();
    }

    /// What `weights sha256` is printed of; see [Safetensors#sha256].
    public String sha256() {
        return Safetensors.sha256(tensors);
    }
}
