/// The dashboard's server: static pages, REST, health and metrics over HTTP, and the live WebSocket.
///
/// It knows the run only through the bus ([dev.vertigan.bus]) and through three things handed to it ([RunInfo],
/// [History], [Samples]). Networks, tensors and the game may not appear here. Everything but file access runs on the
/// event loop of one verticle, so nothing here is locked.
///
/// - [DashboardVerticle] puts the pieces together and listens.
/// - [AccessRules] decides who may ask, [AccessHandler] asks it before anything else.
/// - [RunRoutes], [HistoryRoutes], [HealthRoutes], [StaticFiles] serve HTTP; [Failures] gives every refusal its words.
/// - [LiveRoute], [LiveHub], [LiveClient] serve `/live`; [Broadcast] encodes once for all, and bounds what waits for the slow.
package dev.vertigan.dashboard;
