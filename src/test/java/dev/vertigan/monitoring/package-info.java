/// Tests of what a team watches runs with: dashboards, alert rules, compose file, image. They use the real tools where those are installed.
package dev.vertigan.monitoring;
