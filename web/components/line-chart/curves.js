/**
 * What is drawn of a column: smoothed, thinned to what a screen can show, with its gaps. Pure functions of typed arrays.
 * @module
 */

/**
 * Exponential moving average over steps rather than rows, so that thinned history and dense live reports look alike. It is divided
 * by the weight it holds so far, as Adam's moments are (Kingma and Ba 2014, section 3), so that no value counts for more because it
 * was the first. Values that are not finite stay as they are and are left out of the average.
 * @param {Float64Array} steps
 * @param {Float64Array} values
 * @param {number} scale steps after which a value's weight has fallen to 1/e
 * @returns {Float64Array}
 */
export function smooth(steps, values, scale) {
  const smoothed = new Float64Array(values.length);
  let sum = 0;
  let weight = 0;
  let last = steps.length > 1 ? 2 * steps[0] - steps[1] : -Infinity; // as if the rows before had been as far apart
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (!Number.isFinite(value)) {
      smoothed[row] = NaN;
      continue;
    }
    const share = 1 - Math.exp((last - steps[row]) / scale);
    last = steps[row];
    sum += share * (value - sum);
    weight += share * (1 - weight);
    smoothed[row] = sum / weight;
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
