/// What travels over the event bus: message records, their addresses and codecs, and the typed way to ask and to serve.
/// No game logic.
package dev.vertigan.bus;
