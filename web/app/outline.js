/**
 * What a curve of very many rows looks like: of each run of some rows the least, the greatest, the mean, and whether a value is missing. Kept while
 * rows are added at the end, so that drawing costs as much as the screen shows, not as much as the run is long.
 * @module
 */

/** Rows of which one bucket tells. */
export const BUCKET = 64;
/** Rows of each that are drawn, at most. */
const MARKED = 3;

export class Outline {
  /** Of each bucket the rows of its least and its greatest value and of one that is missing, in order; -1 for none. */
  #rows = new Int32Array(0);
  #gap = new Int32Array(0);
  /** Means of steps and of values, of rows whose values are finite. */
  #steps = new Float64Array(0);
  #values = new Float64Array(0);
  #built = 0;

  /** Forgets what rows from `length` on were like. */
  truncate(length) {
    this.#built = Math.min(this.#built, Math.floor(length / BUCKET));
  }

  /**
   * @param {{steps: Float64Array, values: Float64Array, measured: Uint8Array}} column whole
   * @param {number} first @param {number} end rows shown
   * @returns {{extremes: import('./history.js').Series, means: import('./history.js').Series}} what was not measured is in neither
   */
  of(column, first, end) {
    this.#build(column);
    const from = Math.min(Math.ceil(first / BUCKET), this.#built);
    const to = Math.max(from, Math.min(Math.floor(end / BUCKET), this.#built));
    const extremes = new Line(MARKED * (to - from) + 2 * BUCKET + end - to * BUCKET);
    const means = new Line(2 * (to - from) + 2 * BUCKET + end - to * BUCKET);
    const exactly = (row) => {
      if (column.measured[row] === 1) {
        extremes.add(column.steps[row], column.values[row]);
        means.add(column.steps[row], column.values[row]);
      }
    };
    for (let row = first; row < Math.min(from * BUCKET, end); row++) {
      exactly(row);
    }
    for (let at = MARKED * from; at < MARKED * to; at++) {
      const row = this.#rows[at];
      if (row >= 0) {
        extremes.add(column.steps[row], column.values[row]);
      }
    }
    for (let bucket = from; bucket < to; bucket++) {
      if (!Number.isNaN(this.#steps[bucket])) {
        means.add(this.#steps[bucket], this.#values[bucket]);
      }
      if (this.#gap[bucket] >= 0) {
        means.add(Math.max(column.steps[this.#gap[bucket]], means.last), NaN);
      }
    }
    for (let row = Math.max(first, to * BUCKET); row < end; row++) {
      exactly(row);
    }
    return { extremes: extremes.series, means: means.series };
  }

  #build({ steps, values, measured }) {
    const whole = Math.floor(values.length / BUCKET);
    if (whole > this.#gap.length) {
      this.#grow(2 * whole);
    }
    for (; this.#built < whole; this.#built++) {
      this.#fill(this.#built, steps, values, measured);
    }
  }

  #grow(length) {
    const grown = (array) => {
      const larger = new array.constructor(array === this.#rows ? MARKED * length : length);
      larger.set(array);
      return larger;
    };
    this.#rows = grown(this.#rows);
    this.#gap = grown(this.#gap);
    this.#steps = grown(this.#steps);
    this.#values = grown(this.#values);
  }

  #fill(bucket, steps, values, measured) {
    let low = -1;
    let high = -1;
    let gap = -1;
    let finite = 0;
    let stepSum = 0;
    let valueSum = 0;
    for (let row = bucket * BUCKET; row < (bucket + 1) * BUCKET; row++) {
      const value = values[row];
      if (measured[row] === 0) {
        continue;
      }
      if (Number.isNaN(value)) {
        gap = row;
        continue;
      }
      low = low < 0 || value < values[low] ? row : low;
      high = high < 0 || value > values[high] ? row : high;
      if (Number.isFinite(value)) {
        finite++;
        stepSum += steps[row];
        valueSum += value;
      }
    }
    const rows = [...new Set([low, high, gap])].filter((row) => row >= 0).sort((a, b) => a - b);
    for (let index = 0; index < MARKED; index++) {
      this.#rows[MARKED * bucket + index] = rows[index] ?? -1;
    }
    this.#gap[bucket] = gap;
    this.#steps[bucket] = stepSum / finite; // NaN of none
    this.#values[bucket] = valueSum / finite;
  }
}

/** Steps and values, point by point. */
class Line {
  #steps;
  #values;
  #length = 0;

  constructor(most) {
    this.#steps = new Float64Array(most);
    this.#values = new Float64Array(most);
  }

  get last() {
    return this.#length === 0 ? -Infinity : this.#steps[this.#length - 1];
  }

  add(step, value) {
    this.#steps[this.#length] = step;
    this.#values[this.#length] = value;
    this.#length++;
  }

  get series() {
    return { steps: this.#steps.subarray(0, this.#length), values: this.#values.subarray(0, this.#length) };
  }
}
