/**
 * Wires the page: one run, one view, and every component that shows or steers them.
 * @module
 */
import { Run } from './run.js';
import { TabIcon } from './tab-icon.js';
import { Others } from './others.js';
import { View } from './view.js';
import { Zoomed } from './zoomed.js';
import { count } from './format.js';
import '../components/run-title/run-title.js';
import '../components/run-controls/run-controls.js';
import '../components/run-notices/run-notices.js';
import '../components/run-stats/run-stats.js';
import '../components/chart-tools/chart-tools.js';
import '../components/line-chart/line-chart.js';
import { Plot } from '../components/line-chart/plot.js';
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
import '../components/page-options/page-options.js';
import '../components/key-help/key-help.js';
import '../components/message-list/message-list.js';

const run = new Run();
const view = new View();
run.others = new Others(run, view);
run.zoomed = new Zoomed(run, view);

// Every component here has one method `show(run, view)`, called once.
const components = [
  'message-list',
  'run-title',
  'run-controls',
  'run-notices',
  'run-stats',
  'chart-tools',
  'chart-tabs',
  'line-chart',
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
  'page-options',
  'key-help',
];
document.querySelectorAll(components.join()).forEach((component) => component.show(run, view));

new TabIcon(run);

const title = () => {
  const name = run.info?.name ?? 'VertiGAN';
  document.title = run.status && run.connected ? `${count(run.status.step)} · ${run.state.toLowerCase()} · ${name}` : name;
};
run.addEventListener('status', title);
run.addEventListener('connection', title);

// Nothing moves while the page builds itself: it appears as a whole, once the trainer has said what there is to show.
Promise.all([run.catalogue, Plot.maker(), new Promise((resolve) => run.addEventListener('info', resolve, { once: true }))]).then(() =>
  requestAnimationFrame(() => requestAnimationFrame(() => document.body.removeAttribute('data-loading'))),
);

run.connection.open();
