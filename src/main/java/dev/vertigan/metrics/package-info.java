/// Micrometer meters: their names, labels and buckets, and nothing else. Prefix `vertigan_`, base units, labels from closed
/// sets only (never the step). No drawing, no HTTP, no decisions.
package dev.vertigan.metrics;
