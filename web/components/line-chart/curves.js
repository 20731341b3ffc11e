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
  const share = new Float64Array(length); // a value stands for the steps since the one before
  let sum = 0;
  let weight = 0;
  let last = length > 1 ? 2 * steps[0] - steps[1] : -Infinity; // as if the rows before had been as far apart
  for (let row = 0; row < length; row++) {
    if (Number.isFinite(values[row])) {
      const kept = Math.exp((last - steps[row]) / scale);
      share[row] = 1 - kept;
      last = steps[row];
      sum = kept * sum + share[row] * values[row];
      weight = kept * weight + share[row];
      sums[row] = sum;
      weights[row] = weight;
    }
  }
  sum = 0;
  weight = 0;
  for (let row = length - 1; row >= 0; row--) {
    if (Number.isFinite(values[row])) {
      const kept = Math.exp((steps[row] - last) / scale);
      last = steps[row];
      smoothed[row] = (sums[row] + kept * sum) / (weights[row] + kept * weight);
      sum = kept * sum + share[row] * values[row];
      weight = kept * weight + share[row];
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
    [...new Set([low, high, gap])]
      .filter((row) => row >= 0)
      .sort((a, b) => a - b)
      .forEach(add);
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
