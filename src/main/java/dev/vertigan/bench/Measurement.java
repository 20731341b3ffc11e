package dev.vertigan.bench;

import java.util.List;
import java.util.Map;

/// One workload under one schedule.
///
/// @param turnMillis a full turn over the bus
/// @param plainMillis the same turn in a plain loop without a bus
/// @param busShare share of a turn that the bus costs: the median of the pairwise (bus − plain) / bus
/// @param alternatingRatio of a simultaneous game: how many times as long the alternating game's turn takes, both in plain loops, block by
///         block; NaN of an alternating one
/// @param imagesPerSecond real samples consumed
/// @param gflopPerTurn arithmetic of matrix products and convolutions in a turn, as by their definitions
/// @param gemmRate GFLOP/s of one large matrix product, measured between the turns
/// @param limitShare the arithmetic limit over the median turn: 1 = nothing but matrix products at that rate; convolutions can exceed it,
///         since there are ways to them with less arithmetic than their definition has
/// @param kernelShares share of a plain turn's time by kernel, `other` for what no kernel accounts for
/// @param firstTurnMillis from the start of `train` to its first turn; NaN if it was not started
/// @param peakMebibytes the most memory `train` had resident; NaN if it was not started or the system does not tell
/// @param peers other libraries at the same game
public record Measurement(String workload, String description, int batch, String schedule, String kernels, Spread turnMillis, Spread plainMillis,
        Spread busShare, Spread alternatingRatio, double imagesPerSecond, double gflopPerTurn, double gemmRate, double limitShare,
        Map<String, Double> kernelShares, Spread firstTurnMillis, Spread peakMebibytes, List<PeerMeasurement> peers) {}
