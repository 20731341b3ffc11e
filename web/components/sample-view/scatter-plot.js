/**
 * Generated points over real ones in the plane. The latents are fixed, so point i is the same latent from picture to picture: it
 * is moved there, and one sees where the generator pushes.
 * @module
 */
import { element, token } from '../../app/dom.js';
import { axisText, begin, legend, ticks, Tween } from './canvas.js';

export class ScatterPlot {
  #modes;
  #real = new Float32Array(0);
  #before = new Float32Array(0);
  #now = new Float32Array(0);
  #bounds = null;
  #progress = 1;
  #tween = new Tween((progress) => {
    this.#progress = progress;
    this.redraw();
  });

  constructor({ modes }) {
    this.#modes = modes ?? [];
    this.canvas = element('canvas', {
      id: 'sample-canvas',
      'data-testid': 'sample-canvas',
      class: 'plane',
      role: 'img',
      'aria-label': 'Generated and real points',
    });
    this.nodes = [element('figure', {}, legend(), this.canvas)];
    this.#widen(this.#modes.flat());
  }

  /** @param {ArrayBuffer} points float32 `[count, 2]` */
  generated(points, step) {
    const next = new Float32Array(points);
    this.#before = this.#now.length === next.length ? this.#positions() : next;
    this.#now = next;
    this.canvas.dataset.step = step;
    this.#tween.start();
  }

  real(points) {
    this.#real = new Float32Array(points);
    this.#widen(this.#real);
    this.redraw();
  }

  redraw() {
    if (this.canvas.clientWidth === 0) {
      return;
    }
    const context = begin(this.canvas);
    const map = this.#map();
    this.#axes(context, map);
    this.#points(context, map, this.#real, '--real', 0.25, 3);
    this.#points(context, map, this.#positions(), '--generator', 0.75, 2);
    context.strokeStyle = token('--ink');
    context.globalAlpha = 0.45;
    for (const mode of this.#modes) {
      context.beginPath();
      context.arc(map.x(mode[0]), map.y(mode[1]), 9, 0, 2 * Math.PI);
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  /** Where the generated points are in the middle of a move. */
  #positions() {
    const part = this.#progress;
    return part === 1 ? this.#now : this.#now.map((value, index) => this.#before[index] + part * (value - this.#before[index]));
  }

  /** The real data decide what is shown, and it never shrinks: a frame of reference that jumps is none. */
  #widen(values) {
    let reach = 0;
    for (const value of values) {
      reach = Math.max(reach, Math.abs(value));
    }
    this.#bounds = Math.max(this.#bounds ?? 0, 1.25 * reach);
  }

  #map() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const scale = Math.min(width, height) / 2 / (this.#bounds || 1);
    return {
      x: (x) => width / 2 + x * scale,
      y: (y) => height / 2 - y * scale,
      width,
      height,
      across: width / 2 / scale,
      down: height / 2 / scale,
    };
  }

  #axes(context, { x, y, width, height, across, down }) {
    context.lineWidth = 1;
    const marks = ticks(-down, down, 5);
    const gap = marks.length > 1 ? marks[1] - marks[0] : down;
    for (let mark = Math.ceil(-across / gap) * gap; mark <= across; mark += gap) {
      rule(context, x(mark), 0, x(mark), height);
      if (x(mark) < width - 20) {
        axisText(context, mark, x(mark) + 4, height - 5);
      }
    }
    for (const mark of marks) {
      rule(context, 0, y(mark), width, y(mark));
      axisText(context, mark, 4, y(mark) - 4);
    }
  }

  #points(context, map, points, colour, opacity, radius) {
    context.fillStyle = token(colour);
    context.globalAlpha = opacity;
    context.beginPath();
    for (let index = 0; index + 1 < points.length; index += 2) {
      const x = map.x(points[index]);
      const y = map.y(points[index + 1]);
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    context.fill();
    context.globalAlpha = 1;
  }
}

function rule(context, x1, y1, x2, y2) {
  context.strokeStyle = token('--gridline');
  context.beginPath();
  context.moveTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
  context.lineTo(Math.round(x2) + 0.5, Math.round(y2) + 0.5);
  context.stroke();
}
