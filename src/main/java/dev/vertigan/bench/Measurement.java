package dev.vertigan.bench;

import java.util.Map;

/// One workload under one schedule.
///
/// @param turnMillis a full turn over the bus
/// @param plainMillis the same turn in a plain loop without a bus
/// @param busShare share of a turn that the bus costs: the median of the pairwise (bus − plain) / bus
/// @param imagesPerSecond real samples consumed
/// @param gflopPerTurn matrix arithmetic in a turn
/// @param gemmRate GFLOP/s of one large matrix product, measured between the turns
/// @param limitShare the arithmetic limit over the median turn: 1 = nothing but matrix products at that rate
/// @param kernelShares share of a plain turn's time by kernel, `other` for what no kernel accounts for
public record Measurement(String workload, String description, String schedule, String kernels, Spread turnMillis, Spread plainMillis,
        Spread busShare,
        double imagesPerSecond, double gflopPerTurn, double gemmRate, double limitShare, Map<String, Double> kernelShares) {}
