/**
 * What a person takes away: pictures, a moving one, the curves as a table.
 * @module
 */
import { token } from './dom.js';
import { count } from './format.js';

/** Frames of a moving picture at most, and its width in pixels. */
export const MOST_FRAMES = 60;
const WIDTH = 480;
const STAMP = 26;

/** Hands a file to the browser's downloads. */
export function download(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A canvas as it is seen, on the page's ground, with the step below. @returns {OffscreenCanvas} */
export function stamped(canvas, step, name) {
  const width = Math.min(WIDTH, canvas.width);
  const height = Math.round((canvas.height * width) / canvas.width);
  const copy = new OffscreenCanvas(width, height + STAMP);
  const context = copy.getContext('2d', { willReadFrequently: true });
  context.fillStyle = token('--surface');
  context.fillRect(0, 0, width, height + STAMP);
  context.imageSmoothingQuality = 'high';
  context.drawImage(canvas, 0, 0, width, height);
  context.fillStyle = token('--ink');
  context.font = `600 13px ${token('--sans')}`;
  context.fillText(`step ${count(step)}`, 8, height + 18);
  context.textAlign = 'right';
  context.fillStyle = token('--muted');
  context.fillText(name, width - 8, height + 18);
  return copy;
}

/** At most so many of a list, evenly, the last among them. */
export function some(list, most) {
  return places(list.length, most).map((place) => list[place]);
}

/** Which those of a list of a length are. */
export function places(length, most) {
  const stride = Math.max(1, length / most);
  return Array.from({ length: Math.min(most, length) }, (_, index) => length - 1 - Math.floor(index * stride)).reverse();
}

/** Every report as a line; what was not measured is empty. @param {import('./history.js').History} history */
export function csv(history) {
  const names = history.names;
  const columns = names.map((name) => history.column(name));
  const lines = [names.join(',')];
  for (let row = 0; row < history.length; row++) {
    lines.push(names.map((name, index) => (history.measured(name, row) ? columns[index][row] : '')).join(','));
  }
  return new Blob([`${lines.join('\n')}\n`], { type: 'text/csv' });
}
