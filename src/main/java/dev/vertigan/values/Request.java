package dev.vertigan.values;

/// A message that is answered; each type of request has one address and one verticle that serves it.
///
/// Tensors move with their message: whoever receives one may read and write it, and whoever sent it leaves it alone until a later
/// message of the same turn comes back. One turn is in flight at a time, so buffers are taken once and go round.
///
/// @param <R> the answer
public interface Request<R extends Record> {}
