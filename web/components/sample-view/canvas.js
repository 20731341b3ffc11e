/**
 * What the plots of samples share.
 * @module
 */
import { calm, element, token } from '../../app/dom.js';

/** Makes a canvas as sharp as the screen and clears it. @returns {CanvasRenderingContext2D} in CSS pixels */
export function begin(canvas) {
  const ratio = devicePixelRatio || 1;
  const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
  const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

/** Moves from one picture to the next, at thirty steps a second; at once for people who asked for less motion. */
export class Tween {
  #draw;
  #start = 0;
  #frame = 0;
  #last = 0;

  /** @param {(progress: number) => void} draw from 0 (before) to 1 (after) */
  constructor(draw) {
    this.#draw = draw;
  }

  start(millis = 350) {
    cancelAnimationFrame(this.#frame);
    if (calm.matches || document.hidden) {
      this.#draw(1);
      return;
    }
    this.#start = performance.now();
    this.#last = 0;
    const step = (now) => {
      const progress = Math.min(1, (now - this.#start) / millis);
      if (progress === 1 || now - this.#last > 30) {
        this.#last = now;
        this.#draw(1 - (1 - progress) ** 3);
      }
      if (progress < 1) {
        this.#frame = requestAnimationFrame(step);
      }
    };
    this.#frame = requestAnimationFrame(step);
  }
}

/** The legend above a plot of points. */
export function legend() {
  const entry = (tone, text) => element('span', {}, element('span', { class: `swatch ${tone}` }), text);
  return element('figcaption', {}, entry('generator', 'Generated'), entry('real', 'Real'));
}

/** About `count` round numbers between two. */
export function ticks(from, to, count) {
  const rough = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const found = [];
  for (let index = Math.ceil(from / step); index * step <= to; index++) {
    found.push(index * step);
  }
  return found;
}

/** Small grey text on an axis. */
export function axisText(context, value, x, y) {
  context.fillStyle = token('--muted');
  context.font = `11px ${token('--sans')}`;
  context.fillText(String(Number(value.toPrecision(6))).replace('-', '−'), x, y);
}
