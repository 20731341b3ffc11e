/**
 * A chart's values as a table, for whoever does not see the curves: some rows, evenly over what is shown, the newest among them.
 * @module
 */
import { element } from '../../app/dom.js';
import { count, measure } from '../../app/format.js';
import { places } from '../../app/keep.js';

const ROWS = 12;
/** Milliseconds between two versions: reading takes longer. */
const EVERY = 10_000;

export class ValueTable {
  #chart;
  #drawn = '';
  #at = -Infinity;

  /** @param {import('./plot.js').Chart} chart */
  constructor(chart) {
    this.#chart = chart;
    this.body = element('tbody');
    const heads = ['Step', ...chart.series.map(({ label }) => label)].map((title) => element('th', { scope: 'col' }, title));
    this.node = element(
      'div',
      { class: 'visually-hidden' },
      element('table', {}, element('caption', {}, `${chart.title}: some values`), element('thead', {}, element('tr', {}, ...heads)), this.body),
    );
  }

  /** @param {import('../../app/history.js').History} history @param {{from: number, to: number}} span */
  draw(history, span) {
    const window = `${span.from}`;
    const now = performance.now();
    if (history.length === 0 || (window === this.#drawn && now - this.#at < EVERY)) {
      return;
    }
    this.#drawn = window;
    this.#at = now;
    const first = history.indexAfter(span.from - 1);
    const rows = places(Math.max(0, history.indexAfter(span.to) - first), ROWS).map((place) => first + place);
    this.body.replaceChildren(
      ...rows.map((row) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, count(history.column('step')[row])),
          ...this.#chart.series.map(({ column }) => element('td', {}, measure(history.value(column, row)))),
        ),
      ),
    );
  }
}
