/// What a run leaves on disk, as hard to kill as a database: its folder, lock, journal, metric log, samples and checkpoints.
///
/// Everything here is files and the records in them. It knows nothing of networks, of the order of play or of the event
/// bus's workings; it knows the values it stores ([dev.vertigan.values.Report], [dev.vertigan.values.Picture]).
package dev.vertigan.run;
