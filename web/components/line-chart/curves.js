/**
 * What is drawn of a column: smoothed, thinned to what a screen can show, with its gaps. Pure functions of typed arrays.
 * @module
 */

/**
 * Exponential moving average on both sides, over steps rather than rows, so that thinned history and dense live reports look alike. It
 * is divided by the weight it holds, so that at the ends no value counts for more; looking both ways, it does not lag behind its data.
 * Values that are not finite stay as they are and are left out of the average.
 * @param {Float64Array} steps
 * @param {Float64Array} values
 * @param {number} scale steps after which a value's weight has fallen to 1/e
 * @returns {Float64Array}
 */
export function smooth(steps, values, scale) {
  const length = values.length;
  const smoothed = new Float64Array(length).fill(NaN);
  const sums = new Float64Array(length);
  const weights = new Float64Array(length);
  const kept = new Float64Array(length); // of the average by the steps since the value before; a value stands for those steps
  let apart = NaN;
  let decay = NaN;
  let sum = 0;
  let weight = 0;
  let last = length > 1 ? 2 * steps[0] - steps[1] : -Infinity; // as if the rows before had been as far apart
  for (let row = 0; row < length; row++) {
    if (Number.isFinite(values[row])) {
      if (steps[row] - last !== apart) { // most are as far apart as those before
        apart = steps[row] - last;
        decay = Math.exp(-apart / scale);
      }
      last = steps[row];
      kept[row] = decay;
      sum = decay * sum + (1 - decay) * values[row];
      weight = decay * weight + (1 - decay);
      sums[row] = sum;
      weights[row] = weight;
    }
  }
  sum = 0;
  weight = 0;
  decay = 1; // from a row to the one after it
  for (let row = length - 1; row >= 0; row--) {
    if (Number.isFinite(values[row])) {
      smoothed[row] = (sums[row] + decay * sum) / (weights[row] + decay * weight);
      const share = 1 - kept[row];
      sum = decay * sum + share * values[row];
      weight = decay * weight + share;
      decay = kept[row];
    }
  }
  return smoothed;
}

/**
 * Points of a polyline that looks the same as the whole: of each of `buckets` runs of rows the least and the greatest.
 * @returns {Float64Array} step, value, step, value, …; a NaN breaks the line
 */
export function thin(steps, values, buckets) {
  const length = values.length;
  const points = new Float64Array(2 * Math.min(length, 3 * buckets));
  let used = 0;
  const add = (row) => {
    points[used++] = steps[row];
    points[used++] = values[row];
  };
  if (length <= 2 * buckets) {
    for (let row = 0; row < length; row++) {
      add(row);
    }
    return points;
  }
  for (let bucket = 0; bucket < buckets; bucket++) {
    const to = Math.floor(((bucket + 1) * length) / buckets);
    let low = -1;
    let high = -1;
    let gap = -1;
    for (let row = Math.floor((bucket * length) / buckets); row < to; row++) {
      if (Number.isNaN(values[row])) {
        gap = row;
      } else {
        low = low < 0 || values[row] < values[low] ? row : low;
        high = high < 0 || values[row] > values[high] ? row : high;
      }
    }
    const first = Math.min(low, high); // -1, as is the last, if none is a number
    const last = Math.max(low, high);
    if (gap >= 0 && gap < first) {
      add(gap);
    }
    if (first >= 0) {
      add(first);
    }
    if (gap > first && gap < last) {
      add(gap);
    }
    if (last > first) {
      add(last);
    }
    if (gap > last) {
      add(gap);
    }
  }
  return points.subarray(0, used);
}

/**
 * Where values are missing.
 * @param {number} [limit] gaps told at most
 * @returns {[number, number][]} first and last step of each
 */
export function gaps(steps, values, limit = 50) {
  const found = [];
  for (let row = 0; row < values.length && found.length < limit; row++) {
    if (Number.isNaN(values[row])) {
      const from = row;
      while (row + 1 < values.length && Number.isNaN(values[row + 1])) {
        row++;
      }
      found.push([steps[Math.max(0, from - 1)], steps[Math.min(values.length - 1, row + 1)]]);
    }
  }
  return found;
}

/** Pixels that nobody sees curves grow by. */
const UNSEEN = 0.5;

/**
 * Whether curves that go on look different: of a long run, a report is a fraction of a pixel.
 * @param {{from: number, to: number, last: number}} drawn the steps shown, and the last there was
 * @param {{from: number, to: number, last: number}} now
 * @param {number} width pixels that the steps shown take
 */
export function grown(drawn, now, width) {
  const end = ({ last }) => Math.min(now.to, last);
  const steps = Math.max(Math.abs(now.to - drawn.to), Math.abs(end(now) - end(drawn)));
  return drawn.from !== now.from || (steps * width) / (now.to - now.from) >= UNSEEN;
}
