/// Tables of several runs: what is trained and measured for them, what others published, and how they are written. Starts nothing itself; knows
/// nothing of Vert.x or the game.
package dev.vertigan.table;
