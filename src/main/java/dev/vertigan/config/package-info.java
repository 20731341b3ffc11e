/// What a run is told to do: [dev.vertigan.config.RunConfig], where its values come from, and what is wrong with them.
/// Knows no other package; prints nothing.
package dev.vertigan.config;
