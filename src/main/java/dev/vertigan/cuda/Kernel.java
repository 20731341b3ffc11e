package dev.vertigan.cuda;

/// A function of a [Program] that runs on the card.
///
/// @param address the driver's handle
/// @param number among those of its device, for comparisons
/// @param sharedBytes of shared memory that a block asks for when it is launched
record Kernel(String name, long address, int number, int sharedBytes) {}
