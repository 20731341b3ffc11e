/// How fast the game is played and where its time goes. Measures only what users run; decides nothing.
package dev.vertigan.bench;
