package dev.vertigan.values;

import com.fasterxml.jackson.databind.JsonNode;

/// Asks what the players' networks are made of.
public record GetNetworks() implements Request<GetNetworks.Networks> {

    /// Each `{"input": shape, "parameters": n, "tensors": [names], "outputs": [paths], "layers": [layer]}`; a layer is
    /// `{"path", "words", "in", "out", "parameters", "layers": [those in it]}`.
    ///
    /// @param generator G's, from latents on
    /// @param discriminator D's, from samples on
    public record Networks(JsonNode generator, JsonNode discriminator) {}
}
