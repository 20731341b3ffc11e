/// The commands, and [dev.vertigan.cli.Session], where everything is put together. The only room that prints or ends the process.
package dev.vertigan.cli;
