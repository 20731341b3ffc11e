/**
 * The reports of the steps that the charts are zoomed to, as exact as the trainer has them: of a long run the page itself knows only some. The
 * trainer has not all of them either, but it can play these turns again and tell of each.
 * @module
 */
import { api } from './api.js';
import { History } from './history.js';
import { visit } from './visit.js';

const ROWS = 4000;
/** Milliseconds that the zoom must rest. */
const REST = 250;
/** Rows that the page has of a window from which it needs no more. */
const ENOUGH = 2000;
/** Reports that a replay gives at most. */
const MOST_REPLAYED = 20_000;

/** Event: `change`. */
export class Zoomed extends EventTarget {
  #run;
  #view;
  #timer = 0;
  #asked = 0;
  /** @type {{from: number, to: number, history: History}|null} */
  #known = null;
  /** The same of turns that were played again. */
  #replayed = null;

  /** @param {import('./run.js').Run} run @param {import('./view.js').View} view */
  constructor(run, view) {
    super();
    this.#run = run;
    this.#view = view;
    view.addEventListener('change', () => this.#look());
    run.addEventListener('info', () => {
      this.#known = null;
      this.#replayed = null;
      this.#look();
    });
  }

  /** What is best known of a span of steps. @param {{from: number, to: number}} span @returns {History} */
  history({ from, to }) {
    // Where the run went back, what was played again before is of turns that are no more.
    const found = [this.#replayed, this.#known].find((known) => known && known.from <= from && known.to >= to && known.to <= this.#run.history.lastStep);
    return found ? found.history : this.#run.history;
  }

  /** The steps that are shown. @returns {{from: number, to: number}} */
  get span() {
    const { zoom } = this.#view;
    return { from: Math.max(0, zoom?.from ?? 0), to: Math.min(zoom?.to ?? Infinity, this.#run.history.lastStep) };
  }

  /** Of how many turns one is shown, and of how many one would be after {@link Zoomed#replay}. */
  get thinned() {
    const { span } = this;
    return { now: apart(this.history(span), span), replayed: Math.max(1, Math.ceil((span.to - span.from) / MOST_REPLAYED)) };
  }

  /** Has the trainer play the turns that are shown again. @param {(words: string) => void} tell how far it is */
  async replay(tell) {
    const { from, to } = this.span;
    const done = await visit({ step: to, since: from }, tell);
    if (done) {
      this.#replayed = { from, to, history: merged(this.history({ from, to }), await api.visitedReports(), from, to) };
      this.dispatchEvent(new Event('change'));
    }
    return done;
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

/** Of how many turns one has a row, on average. */
function apart(history, { from, to }) {
  const first = history.indexAfter(from - 1);
  const last = history.indexAfter(to) - 1;
  const steps = history.column('step');
  return last > first ? Math.round((steps[last] - steps[first]) / (last - first)) : 1;
}

/**
 * What is known of a span and what was measured again in it, step by step. When a turn was played and how long it took is known of reports alone:
 * other turns take it from the nearest one.
 * @param {History} known @param {{columns: string[], rows: (number|string|null)[][]}} measured @param {number} from @param {number} to
 */
export function merged(known, { columns, rows }, from, to) {
  const names = [...new Set([...columns, ...known.names])];
  const at = columns.indexOf('step');
  const value = (name, row) => (row >= 0 && known.measured(name, row) ? known.column(name)[row] : null);
  const found = new Map();
  const first = known.indexAfter(from - 1);
  const end = known.indexAfter(to);
  for (let row = first; row < end; row++) {
    found.set(
      known.column('step')[row],
      names.map((name) => value(name, row)),
    );
  }
  const borrowed = ['time', 'turnMillis'].map((name) => [name, names.indexOf(name)]);
  for (const row of rows) {
    const own = found.get(row[at]);
    const whole = names.map((name, index) => own?.[index] ?? row[columns.indexOf(name)] ?? null);
    borrowed.filter(([, index]) => index >= 0 && !own).forEach(([name, index]) => (whole[index] = value(name, known.nearest(row[at]))));
    found.set(row[at], whole);
  }
  const history = new History();
  history.append(
    names,
    [...found].sort(([a], [b]) => a - b).map(([, row]) => row),
  );
  return history;
}
