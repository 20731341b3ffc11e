/**
 * The reports of the steps that the charts are zoomed to, as exact as the trainer has them: of a long run the page itself knows only some.
 * @module
 */
import { api } from './api.js';
import { History } from './history.js';

const ROWS = 4000;
/** Milliseconds that the zoom must rest. */
const REST = 250;
/** Rows that the page has of a window from which it needs no more. */
const ENOUGH = 2000;

/** Event: `change`. */
export class Zoomed extends EventTarget {
  #run;
  #view;
  #timer = 0;
  #asked = 0;
  /** @type {{from: number, to: number, history: History}|null} */
  #known = null;

  /** @param {import('./run.js').Run} run @param {import('./view.js').View} view */
  constructor(run, view) {
    super();
    this.#run = run;
    this.#view = view;
    view.addEventListener('change', () => this.#look());
    run.addEventListener('info', () => {
      this.#known = null;
      this.#look();
    });
  }

  /** What is best known of a span of steps. @param {{from: number, to: number}} span @returns {History} */
  history({ from, to }) {
    const known = this.#known;
    return known && known.from <= from && known.to >= to ? known.history : this.#run.history;
  }

  #look() {
    clearTimeout(this.#timer);
    const { zoom } = this.#view;
    // A window that follows the run has its newest reports whole.
    if (zoom && zoom.to !== null) {
      this.#timer = setTimeout(() => this.#ask(zoom.from, zoom.to), REST);
    }
  }

  async #ask(from, to) {
    const { history } = this.#run;
    const known = this.#known;
    const rows = history.indexAfter(to) - history.indexAfter(from);
    if ((known && known.from === from && known.to === to) || history.length === 0 || rows > ENOUGH) {
      return;
    }
    const asked = ++this.#asked;
    // A little more on both sides, so that lines run out of the picture.
    const room = Math.ceil((to - from) / 20);
    const answer = await api.window(Math.floor(from) - room, Math.ceil(to) + room, ROWS).catch(() => null);
    if (answer && asked === this.#asked && answer.rows > rows) {
      const exact = new History();
      exact.add(answer);
      this.#known = { from, to, history: exact };
      this.dispatchEvent(new Event('change'));
    }
  }
}
