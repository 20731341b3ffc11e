/// The game of VertiGAN played by other libraries, one a process, for `vertigan bench --peers`. Shares no code with the program: only the
/// lines they exchange, see [Main].
package dev.vertigan.peers;
