/// The verticles. Each unpacks a message, calls one method of the domain and replies; only the [dev.vertigan.train.Conductor] knows
/// the order of play. No arithmetic here.
package dev.vertigan.train;
