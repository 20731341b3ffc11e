/**
 * Every report of the run that this page knows, column by column.
 * @module
 */

/** Rows kept. Above it the older half is thinned, so a week's run costs no more memory than an hour's. */
const CAPACITY = 40_000;

export class History {
  /** @type {Map<string, Float64Array>} */
  #columns = new Map();
  /** @type {Map<string, Uint8Array>} 1 where a value was measured */
  #measured = new Map();
  #length = 0;

  get length() {
    return this.#length;
  }

  get names() {
    return [...this.#columns.keys()];
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
    this.#length = 0;
  }

  /** Forgets what lies after `step`: the run went back to a checkpoint and plays those turns again. */
  truncate(step) {
    this.#length = this.indexAfter(step);
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
    names.forEach((name) => this.#room(name));
    const places = [...this.#columns.keys()].map((name) => [this.#columns.get(name), this.#measured.get(name), names.indexOf(name)]);
    for (const row of rows) {
      if (Number(row[stepAt]) <= this.lastStep) {
        this.truncate(Number(row[stepAt]) - 1);
      }
      if (this.#length >= CAPACITY) {
        this.#thin();
      }
      for (const [column, measured, index] of places) {
        const value = index < 0 ? null : (row[index] ?? null);
        column[this.#length] = value === null ? NaN : Number(value);
        measured[this.#length] = value === null ? 0 : 1;
      }
      this.#length++;
    }
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

  #room(name) {
    if (!this.#columns.has(name)) {
      this.#columns.set(name, new Float64Array(CAPACITY));
      this.#measured.set(name, new Uint8Array(CAPACITY));
    }
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
  }
}
