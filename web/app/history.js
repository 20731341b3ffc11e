/**
 * Every report of the run that this page knows, column by column.
 * @module
 */

import { BUCKET, Outline } from './outline.js';

/** Rows kept. Above it the older half is thinned, so a week's run costs no more memory than a day's. */
export const CAPACITY = 1 << 17;
/** A column begins with room for so many, and grows. */
const ROOM = 1 << 12;
/** Rows shown above which their outline is drawn. */
const MANY = 200 * BUCKET;
/** The bits of a NaN that stands for what was not measured, in a {@link Table}: the upper and the lower half. */
const ABSENT = [0x7ff80000, 0x0000ab5e];

/**
 * @typedef {{steps: Float64Array, values: Float64Array}} Series
 * @typedef {{columns: string[], rows: number, payload: ArrayBuffer}} Table column after column, as float64
 */

export class History {
  /** Only of what was ever measured. @type {Map<string, Float64Array>} */
  #columns = new Map();
  /** @type {Map<string, Uint8Array>} 1 where a value was measured */
  #measured = new Map();
  /** @type {Map<string, Outline>} */
  #outlines = new Map();
  #names = new Set();
  #room = 0;
  #length = 0;

  get length() {
    return this.#length;
  }

  /** Of all columns there are, measured or not. */
  get names() {
    return [...this.#names];
  }

  /** Whether a column was measured in a row. */
  measured(name, row) {
    return this.#measured.get(name)?.[row] === 1;
  }

  /** Whether a column was ever measured. */
  any(name) {
    return this.#measured.get(name)?.subarray(0, this.#length).includes(1) ?? false;
  }

  /** Step of the newest row, or -1. */
  get lastStep() {
    return this.#length === 0 ? -1 : this.column('step')[this.#length - 1];
  }

  /** @returns {Float64Array} a view of one column, valid until the next change */
  column(name) {
    return this.#columns.get(name)?.subarray(0, this.#length) ?? new Float64Array(0);
  }

  clear() {
    this.#shorten(0);
  }

  /** Forgets what lies after `step`: the run went back to a checkpoint and plays those turns again. */
  truncate(step) {
    this.#shorten(this.indexAfter(step));
  }

  #shorten(length) {
    this.#length = length;
    this.#outlines.forEach((outline) => outline.truncate(length));
  }

  /** What was measured of a column in the rows from `first` to `end`, with the steps of those rows: what was not measured is no gap. */
  series(name, first, end) {
    const steps = this.column('step').subarray(first, end);
    const values = this.column(name).subarray(first, end);
    const measured = this.#measured.get(name)?.subarray(first, end) ?? new Uint8Array(0);
    if (!measured.includes(0)) {
      return { steps: steps.subarray(0, values.length), values };
    }
    const present = (_, row) => measured[row] === 1;
    return { steps: steps.filter(present), values: values.filter(present) };
  }

  /**
   * The same of very many rows, if there are: what they look like.
   * @returns {{extremes: Series, means: Series, bucket: number}} `bucket`: rows of which one of the means tells
   */
  outline(name, first, end) {
    if (end - first < MANY || !this.#columns.has(name)) {
      const series = this.series(name, first, end);
      return { extremes: series, means: series, bucket: 1 };
    }
    if (!this.#outlines.has(name)) {
      this.#outlines.set(name, new Outline());
    }
    const column = { steps: this.column('step'), values: this.column(name), measured: this.#measured.get(name) };
    return { ...this.#outlines.get(name).of(column, first, end), bucket: BUCKET };
  }

  /** The value of a column at a row, or the last one measured before; undefined if there is none. */
  value(name, row) {
    const measured = this.#measured.get(name);
    let at = measured ? row : -1;
    while (at >= 0 && measured[at] === 0) {
      at--;
    }
    return at < 0 ? undefined : this.column(name)[at];
  }

  /**
   * Adds rows in the order of their steps. A row that is not newer than the last one replaces all from there on.
   * @param {string[]} names
   * @param {(number|string|null)[][]} rows NaN and infinities come as strings, since JSON has none; null was not measured
   */
  append(names, rows) {
    const stepAt = names.indexOf('step');
    names.forEach((name) => this.#names.add(name));
    for (const row of rows) {
      this.#makeRoom(Number(row[stepAt]), 1);
      row.forEach((value, index) => value !== null && this.#set(names[index], this.#length, Number(value)));
      this.#length++;
    }
  }

  /** Adds the rows of a table. If the first is not newer than the last one, they replace all from there on. @param {Table} table */
  add({ columns, rows, payload }) {
    columns.forEach((name) => this.#names.add(name));
    if (rows === 0) {
      return;
    }
    const values = new Float64Array(payload);
    const halves = new Uint32Array(payload); // little-endian, as the processors are that browsers run on
    this.#makeRoom(values[columns.indexOf('step') * rows], rows);
    columns.forEach((name, index) => {
      for (let row = 0; row < rows; row++) {
        const at = index * rows + row;
        if (halves[2 * at] !== ABSENT[1] || halves[2 * at + 1] !== ABSENT[0]) {
          this.#set(name, this.#length + row, values[at]);
        }
      }
    });
    this.#length += rows;
  }

  /** The rows after a step, as {@link History#append} takes them. @returns {{columns: string[], rows: (number|null)[][]}} */
  after(step) {
    const columns = this.names;
    const first = this.indexAfter(step);
    const values = (row) => columns.map((name) => (this.measured(name, row) ? this.#columns.get(name)[row] : null));
    return { columns, rows: Array.from({ length: this.#length - first }, (_, index) => values(first + index)) };
  }

  /** For so many rows from `step` on. */
  #makeRoom(step, rows) {
    if (step <= this.lastStep) {
      this.truncate(step - 1);
    }
    while (this.#length + rows > CAPACITY && this.#length > 1) {
      this.#thin();
    }
    const last = this.#length + rows;
    if (last > this.#room) {
      this.#room = Math.min(CAPACITY, Math.max(ROOM, 2 * last));
      for (const all of [this.#columns, this.#measured]) {
        all.forEach((column, name) => {
          const larger = new column.constructor(this.#room);
          larger.set(column.subarray(0, this.#length));
          all.set(name, larger);
        });
      }
    }
    // What lies there may be of rows that were forgotten.
    this.#measured.forEach((measured) => measured.fill(0, this.#length, last));
    this.#columns.forEach((column) => column.fill(NaN, this.#length, last));
  }

  #set(name, row, value) {
    let column = this.#columns.get(name);
    if (column === undefined) {
      column = new Float64Array(this.#room).fill(NaN);
      this.#columns.set(name, column);
      this.#measured.set(name, new Uint8Array(this.#room));
    }
    column[row] = value;
    this.#measured.get(name)[row] = 1;
  }

  /** Index of the first row with a step above `step`. */
  indexAfter(step) {
    const steps = this.column('step');
    let low = 0;
    let high = steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (steps[middle] <= step) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Index of the row whose step is nearest to `step`, or -1 if there are no rows. */
  nearest(step) {
    const steps = this.column('step');
    const after = this.indexAfter(step);
    if (after === 0 || after === steps.length) {
      return Math.min(after, steps.length - 1);
    }
    return step - steps[after - 1] <= steps[after] - step ? after - 1 : after;
  }

  /** Keeps every second row of the older half. */
  #thin() {
    const half = this.#length >> 1;
    const kept = half >> 1;
    for (const column of [...this.#columns.values(), ...this.#measured.values()]) {
      for (let row = 0; row < kept; row++) {
        column[row] = column[2 * row];
      }
      column.copyWithin(kept, 2 * kept, this.#length);
    }
    this.#length -= kept;
    this.#outlines.clear();
  }
}
