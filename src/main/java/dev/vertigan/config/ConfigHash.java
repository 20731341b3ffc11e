package dev.vertigan.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HexFormat;
import java.util.Set;

/// SHA-256 of the settings that decide what a run computes.
final class ConfigHash {

    /// Settings that came after runs had hashes: one that is at its default is left out, so that those runs keep theirs.
    private static final Set<String> NEWER = Set.of("shards", "data.columns", "data.heldOut", "data.stream.window", "data.stream.period",
            "game.penalty.r1", "game.penalty.r2", "game.penalty.gp", "game.penalty.noise", "game.branch", "game.pack", "game.augmentation.flip",
            "game.augmentation.translate", "game.augmentation.cutout", "game.augmentation.colour", "emaHalfLife", "generator.spectralNorm",
            "discriminator.spectralNorm", "generator.optimiser.clip", "discriminator.optimiser.clip");

    private ConfigHash() {}

    /// @param tree a whole configuration, which is used up
    /// @return in hexadecimal
    static String of(ObjectNode tree) {
        var others = Setting.all().stream().filter(setting -> !setting.decidesResult() || newAndAtRest(setting, tree)).toList();
        String deciding = Json.compact(Settings.without(tree, others));
        return HexFormat.of().formatHex(Sha256.of(deciding));
    }

    private static boolean newAndAtRest(Setting setting, JsonNode tree) {
        return NEWER.contains(setting.path()) && Json.at(tree, setting.path()).equals(setting.initial());
    }
}
