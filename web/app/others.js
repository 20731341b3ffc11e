/**
 * The runs that are drawn over this one: their curves, and where each left its parent.
 * @module
 */
import { api } from './api.js';
import { History } from './history.js';

/** Runs drawn over this one at most. */
export const MOST = 4;
/** How each is drawn: ECharts' dashes. */
const DASHES = [
  [7, 4],
  [2, 3],
  [11, 3, 2, 3],
  [4, 7],
];
const ROWS = 4000;

/**
 * @typedef {{name: string, kind: string, data: string, parent: {name: string, step: number}|null, history: History, dash: number[]}} Other
 * @typedef {{step: number, history: History}} Joint where a run left its parent, and the parent's history
 */

/** Event: `change`. */
export class Others extends EventTarget {
  /** @type {Other[]} */
  list = [];
  /** What the trainer says of every run beside this one, by name. @type {Map<string, object>} */
  runs = new Map();

  #run;
  #view;
  #wanted = '';
  #known = new Map();

  /** @param {import('./run.js').Run} run @param {import('./view.js').View} view */
  constructor(run, view) {
    super();
    this.#run = run;
    this.#view = view;
    view.addEventListener('with', () => this.#load());
    run.addEventListener('info', () => {
      this.#known.clear();
      this.#wanted = '';
      this.#load();
    });
  }

  /** Where the run that the page shows left its parent, if that is drawn too. @returns {Joint|null} */
  get joint() {
    const parent = this.runs.get(this.#run.info?.name)?.parent;
    return parent ? this.#joint(parent) : null;
  }

  /** Where another run left its parent. @param {Other} other @returns {Joint|null} */
  jointOf(other) {
    return other.parent ? this.#joint(other.parent) : null;
  }

  #joint({ name, step }) {
    const history = name === this.#run.info?.name ? this.#run.history : this.list.find((other) => other.name === name)?.history;
    return history ? { step, history } : null;
  }

  /** The last step of all that are drawn. */
  get lastStep() {
    return this.list.reduce((last, { history }) => Math.max(last, history.lastStep), 0);
  }

  async #load() {
    const names = this.#view.with.filter((name) => name !== this.#run.info?.name).slice(0, MOST);
    const wanted = names.join(',');
    if (!this.#run.info || wanted === this.#wanted) {
      return;
    }
    this.#wanted = wanted;
    if (names.length > 0) {
      const runs = await api.runs().catch(() => []);
      this.runs = new Map(runs.map((run) => [run.name, run]));
      await Promise.all(names.filter((name) => this.runs.has(name) && !this.#known.has(name)).map((name) => this.#fetch(name)));
    }
    if (wanted === this.#wanted) {
      this.list = names.map((name) => this.#known.get(name)).filter(Boolean).map((other, index) => ({ ...other, dash: DASHES[index] }));
      this.dispatchEvent(new Event('change'));
    }
  }

  async #fetch(name) {
    const answer = await api.runHistory(name, ROWS).catch(() => null);
    if (answer) {
      const history = new History();
      history.add(answer);
      this.#known.set(name, { ...this.runs.get(name), history });
    }
  }
}

/**
 * What was measured of a column from where the run left its parent, whose value there comes first: so the one curve leaves the other at the very
 * step.
 * @param {{steps: Float64Array, values: Float64Array}} series @param {Joint|null} joint @param {string} column
 */
export function joined(series, joint, column) {
  if (!joint || (series.steps.length > 0 && series.steps[0] <= joint.step)) {
    return series;
  }
  const value = joint.history.value(column, joint.history.indexAfter(joint.step) - 1);
  if (value === undefined) {
    return series;
  }
  return { steps: before(joint.step, series.steps), values: before(value, series.values) };
}

function before(value, values) {
  const all = new Float64Array(values.length + 1);
  all[0] = value;
  all.set(values, 1);
  return all;
}
