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

  /** Goes to the end at once. */
  end() {
    cancelAnimationFrame(this.#frame);
    this.#draw(1);
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

/** A colour of the theme as red, green and blue. */
export function rgb(name) {
  const hex = token(name).replace('#', '');
  return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/** An arrow from one place to another, in pixels, added to the path. */
export function arrow(context, x1, y1, x2, y2) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (!(length > 1)) {
    return;
  }
  const head = Math.min(4, length / 2);
  const angle = Math.atan2(y2 - y1, x2 - x1);
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  for (const turn of [2.6, -2.6]) {
    context.moveTo(x2, y2);
    context.lineTo(x2 + head * Math.cos(angle + turn), y2 + head * Math.sin(angle + turn));
  }
}

/** The value below which a share of all is. */
export function quantile(values, share) {
  const sorted = [...values].filter(Number.isFinite).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
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

/** Small grey text on an axis. @param {number|string} value */
export function axisText(context, value, x, y) {
  context.fillStyle = token('--muted');
  context.font = `11px ${token('--sans')}`;
  context.fillText(typeof value === 'string' ? value : String(Number(value.toPrecision(6))).replace('-', '−'), x, y);
}
