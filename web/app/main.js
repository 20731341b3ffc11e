/**
 * Wires the page: one run, one view, and every component that shows or steers them. Its curves come first; what is not needed for them is fetched
 * and set up once they are painted.
 * @module
 */
import { Run } from './run.js';
import { TabIcon } from './tab-icon.js';
import { Others } from './others.js';
import { SavedSamples } from './saved-samples.js';
import { View } from './view.js';
import { Zoomed } from './zoomed.js';
import { count } from './format.js';
import { paced } from './frames.js';
import '../components/message-list/message-list.js';
import '../components/run-title/run-title.js';
import '../components/run-notices/run-notices.js';
import '../components/run-stats/run-stats.js';
import '../components/chart-tools/chart-tools.js';
import '../components/line-chart/line-chart.js';
import { Plot } from '../components/line-chart/plot.js';
import '../components/page-options/page-options.js';

const run = new Run();
const view = new View();
run.others = new Others(run, view);
run.zoomed = new Zoomed(run, view);
run.saved = new SavedSamples();

/** Every component has one method `show(run, view)`, called once. @param {string[]} names */
const show = (names) => Promise.all([...document.querySelectorAll(names)].map((component) => component.show(run, view)));

show(['message-list', 'run-title', 'run-notices', 'run-stats', 'chart-tools', 'line-chart', 'page-options']);

new TabIcon(run);

const title = () => {
  const name = run.info?.name ?? 'VertiGAN';
  document.title = run.status && run.connected ? `${count(run.status.step)} · ${run.state.toLowerCase()} · ${name}` : name;
};
run.addEventListener('status', title);
run.addEventListener('connection', title);

/** The server went before it had given all: the page begins again once it is back. @returns {Promise<never>} */
const beginAgain = () => new Promise(() => run.addEventListener('connection', () => run.connected && location.reload()));

run.connection.open();
await Promise.all([Plot.maker(), run.opened]).catch(beginAgain);
// In the frame in which the curves are drawn.
await new Promise((resolve) => paced(resolve)());
document.body.dataset.loading = 'rest';
await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

document.head.append(document.querySelector('#later')?.content ?? ''); // so that all are fetched at once
const { REST } = await import('./rest.js').catch(beginAgain);
await show(REST);
run.tellAgain();
requestAnimationFrame(() => requestAnimationFrame(() => document.body.removeAttribute('data-loading')));
