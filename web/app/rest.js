/**
 * All of the page that its curves do not need.
 * @module
 */
import '../components/run-controls/run-controls.js';
import '../components/chart-tabs/chart-tabs.js';
import '../components/sample-view/sample-view.js';
import '../components/latent-explorer/latent-explorer.js';
import '../components/run-compare/run-compare.js';
import '../components/game-board/game-board.js';
import '../components/turn-view/turn-view.js';
import '../components/bus-view/bus-view.js';
import '../components/layers-view/layers-view.js';
import '../components/settings-form/settings-form.js';
import '../components/run-facts/run-facts.js';
import '../components/run-list/run-list.js';
import '../components/new-run/new-run.js';
import '../components/key-help/key-help.js';

export const REST = [
  'run-controls',
  'chart-tabs',
  'sample-view',
  'run-compare',
  'latent-explorer',
  'game-board',
  'turn-view',
  'bus-view',
  'layers-view',
  'settings-form',
  'run-facts',
  'run-list',
  'new-run',
  'key-help',
];
