/**
 * Every report of the run that this page knows, column by column.
 * @module
 */

/** Rows kept. Above it the older half is thinned, so a week's run costs no more memory than an hour's. */
const CAPACITY = 40_000;

const number = (value) => (value === null || value === undefined ? NaN : Number(value));

export class History {
  /** @type {Map<string, Float64Array>} */
  #columns = new Map();
  #length = 0;

  get length() {
    return this.#length;
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

  /**
   * Adds rows in the order of their steps. A row that is not newer than the last one replaces all from there on.
   * @param {string[]} names
   * @param {(number|string|null)[][]} rows NaN and infinities come as strings, since JSON has none
   */
  append(names, rows) {
    const stepAt = names.indexOf('step');
    for (const row of rows) {
      if (number(row[stepAt]) <= this.lastStep) {
        this.truncate(number(row[stepAt]) - 1);
      }
      if (this.#length >= CAPACITY) {
        this.#thin();
      }
      names.forEach((name, index) => {
        this.#room(name)[this.#length] = number(row[index]);
      });
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
    }
    return this.#columns.get(name);
  }

  /** Keeps every second row of the older half. */
  #thin() {
    const half = this.#length >> 1;
    const kept = half >> 1;
    for (const column of this.#columns.values()) {
      for (let row = 0; row < kept; row++) {
        column[row] = column[2 * row];
      }
      column.copyWithin(kept, 2 * kept, this.#length);
    }
    this.#length -= kept;
  }
}
