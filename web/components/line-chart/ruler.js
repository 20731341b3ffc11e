/**
 * What the horizontal axis says of a step: the step itself, the real samples seen, the time spent training, the time of day. Steps stay evenly
 * spaced, so that all charts and pictures keep their places.
 * @module
 */
import { duration, short } from '../../app/format.js';

/** @type {[string, string][]} */
export const RULERS = [
  ['step', 'steps'],
  ['images', 'images'],
  ['training', 'training time'],
  ['clock', 'time of day'],
];

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/**
 * @param {string} ruler @param {import('../../app/history.js').History} history @param {number} batch
 * @returns {((step: number) => string)|null} null: as it is
 */
export function ruled(ruler, history, batch) {
  const at = (step) => history.nearest(step);
  switch (ruler) {
    case 'images':
      return (step) => short(step * batch);
    case 'training': {
      const seconds = trainingSeconds(history);
      return (step) => (step === 0 ? '0 s' : duration(seconds[at(step)] ?? NaN));
    }
    case 'clock':
      return (step) => (history.length === 0 ? '' : clock.format(history.column('time')[at(step)]));
    default:
      return null;
  }
}

/** Seconds of turns until each row: what a stop takes is not among them. */
function trainingSeconds(history) {
  const steps = history.column('step');
  const millis = history.column('turnMillis');
  const seconds = new Float64Array(steps.length);
  let sum = 0;
  for (let row = 0; row < steps.length; row++) {
    const turns = steps[row] - (row === 0 ? 0 : steps[row - 1]);
    sum += Number.isFinite(millis[row]) ? (turns * millis[row]) / 1000 : 0;
    seconds[row] = sum;
  }
  return seconds;
}
