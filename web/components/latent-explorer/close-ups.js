/**
 * A sample close up, for images and for points.
 * @module
 */
import { element, setText, token } from '../../app/dom.js';
import { count } from '../../app/format.js';
import { begin, ticks, axisText } from '../sample-view/canvas.js';
import { Film } from './film.js';
import { Sheet } from './sheet.js';

/** Samples from one latent to another. */
const STEPS = 9;

/** An image, its nearest training sample, the way from a to b, and how it became what it is. */
export class ImageCloseUp {
  steps = STEPS;
  lattice = true;
  #sheets = new Map();

  /**
   * @param {number[]} shape
   * @param {import('../../app/saved-samples.js').SavedSamples} saved
   * @param {(t: number) => void} walked
   * @param {(step: number) => void} visit
   */
  constructor(shape, saved, walked, visit) {
    this.shape = shape;
    this.visit = visit;
    this.film = new Film(async (step) => {
      const png = await saved.read(step);
      return png && this.#frame(step, await this.sheet(png));
    });
    this.canvas = picture('explored', 'The sample explored');
    this.near = picture('nearest', 'The nearest training sample');
    this.told = element('span', { class: 'muted number', id: 'nearest-told' });
    this.walk = picture('latent-walk', 'From one latent to the other');
    this.walk.classList.add('walk');
    this.walk.style.aspectRatio = `${STEPS * shape[1]} / ${shape[0]}`;
    this.walk.addEventListener('click', (event) => {
      const index = Math.min(STEPS - 1, Math.floor((event.offsetX / this.walk.clientWidth) * STEPS));
      walked(index / (STEPS - 1));
    });
    this.strip = element('div', { class: 'film', role: 'group', 'aria-label': 'What this latent gave before' });
    this.nodes = [
      element('figure', {}, element('figcaption', {}, 'G(z)'), this.canvas),
      element('figure', {}, element('figcaption', {}, 'Nearest training sample'), this.near, this.told),
    ];
    this.below = [
      element('figure', { class: 'wide' }, element('figcaption', {}, 'From a to b: click to stand there'), this.walk),
      element('figure', { class: 'wide' }, element('figcaption', {}, 'This latent as training went on'), this.strip),
    ];
  }

  async #keep(name, png, canvas, cells) {
    this.#sheets.set(name, await Sheet.of(png, this.shape));
    this.#paint(name, canvas, cells);
  }

  #paint(name, canvas, cells = 1) {
    const sheet = this.#sheets.get(name);
    if (sheet && canvas.clientWidth > 0) {
      const context = begin(canvas);
      const width = canvas.clientWidth / cells;
      for (let index = 0; index < cells; index++) {
        sheet.draw(context, index, index * width, 0, width, canvas.clientHeight);
      }
    }
  }

  sample(png) {
    return this.#keep('sample', png, this.canvas, 1);
  }

  way(png) {
    return this.#keep('way', png, this.walk, STEPS);
  }

  sheet(png) {
    return Sheet.of(png, this.shape);
  }

  /** @param {null|{picture: string, index: number, distance: number, searched: number, training: number}} found */
  async nearest(found) {
    if (found) {
      await this.#keep('nearest', bytes(found.picture), this.near, 1);
    }
    this.near.toggleAttribute('data-old', !found);
    setText(this.told, found ? words(found) : 'looking …');
  }

  #frame(step, sheet) {
    const canvas = element('canvas', { 'aria-hidden': 'true', width: sheet.width, height: sheet.height });
    const button = element('button', { type: 'button', class: 'quiet', 'data-step': step, title: `Go to step ${count(step)}` }, canvas, count(step));
    button.addEventListener('click', () => this.visit(step));
    return { sheet, canvas, button, cell: -1 };
  }

  /** Draws what is new, and leaves the rest as it is. @param {number[]} steps saved @param {number} cell */
  async history(steps, cell) {
    const frames = await this.film.of(steps);
    const buttons = frames.map(({ button }) => button);
    [...this.strip.children].filter((child) => !buttons.includes(child)).forEach((child) => child.remove());
    for (const [index, frame] of frames.entries()) {
      if (frame.cell !== cell) {
        frame.cell = cell;
        frame.sheet.draw(frame.canvas.getContext('2d'), cell, 0, 0, frame.sheet.width, frame.sheet.height);
      }
      if (this.strip.children[index] !== frame.button) {
        this.strip.insertBefore(frame.button, this.strip.children[index] ?? null);
      }
    }
  }

  redraw() {
    this.#paint('sample', this.canvas);
    this.#paint('nearest', this.near);
    this.#paint('way', this.walk, STEPS);
  }
}

/** A point among the real ones: where this latent was before, the way from a to b, and the nearest training sample. */
export class PointCloseUp {
  steps = 64;
  lattice = false;
  #real = new Float32Array(0);
  #sample = null;
  #way = new Float32Array(0);
  #trail = new Float32Array(0);
  #nearest = null;

  #axes = [0, 1];

  /** @param {number[]} shape @param {import('../../app/saved-samples.js').SavedSamples} saved */
  constructor(shape, saved) {
    this.dimensions = shape[0];
    this.film = new Film(async (step) => {
      const points = await saved.read(step);
      return points && new Float32Array(points);
    });
    this.canvas = picture('explored', 'The point explored, among real ones');
    this.canvas.classList.add('plane');
    this.told = element('span', { class: 'muted number', id: 'nearest-told' });
    const key = (tone, text) => element('span', {}, element('span', { class: `swatch ${tone}` }), text);
    this.nodes = [
      element(
        'figure',
        {},
        element('figcaption', {}, key('generator', 'G(z), and from a to b'), key('muted', 'where this latent was before'), key('real', 'nearest')),
        this.canvas,
        this.told,
      ),
    ];
    this.below = [];
  }

  real(points) {
    this.#real = new Float32Array(points);
    this.redraw();
  }

  sample(points) {
    this.#sample = new Float32Array(points);
    this.redraw();
  }

  way(points) {
    this.#way = new Float32Array(points);
    this.redraw();
  }

  nearest(found) {
    this.#nearest = found && new Float32Array(bytes(found.picture).buffer);
    setText(this.told, found ? words(found) : 'looking …');
    this.redraw();
  }

  /** @param {number[]} steps saved @param {number} cell */
  async history(steps, cell) {
    const d = this.dimensions;
    const frames = await this.film.of(steps);
    this.#trail = Float32Array.from(frames.flatMap((points) => [...points.subarray(d * cell, d * (cell + 1))]));
    this.redraw();
  }

  /** The point at an index of an array of points, on the line at height 0. */
  #point(points, index) {
    const d = this.dimensions;
    return d === 1 ? [points[index], 0] : this.#axes.map((axis) => points[d * index + axis]);
  }

  /** Shows two of the columns from now on. @param {[number, number]} axes */
  look(axes) {
    this.#axes = axes;
    this.redraw();
  }

  /** How far the real ones reach in what is seen. */
  #reach() {
    let reach = 0;
    for (let index = 0; index < this.#real.length / this.dimensions; index++) {
      reach = Math.max(reach, ...this.#point(this.#real, index).map(Math.abs));
    }
    return reach || 1;
  }

  redraw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (width === 0) {
      return;
    }
    const context = begin(this.canvas);
    const reach = 1.25 * this.#reach();
    const scale = Math.min(width, this.dimensions > 1 ? height : width) / (2 * reach);
    const place = ([x, y]) => [width / 2 + scale * x, height / 2 - scale * y];
    context.strokeStyle = token('--gridline');
    context.textAlign = 'left';
    for (const mark of ticks(-reach, reach, 6)) {
      const [x, y] = place([mark, mark]);
      context.beginPath();
      context.moveTo(x, 0);
      context.lineTo(x, height);
      if (this.dimensions > 1) {
        context.moveTo(0, y);
        context.lineTo(width, y);
      }
      context.stroke();
      axisText(context, mark, x + 3, height - 4);
    }
    const dots = (points, colour, radius, opacity) => {
      context.fillStyle = token(colour);
      context.globalAlpha = opacity;
      for (let index = 0; index < points.length / this.dimensions; index++) {
        const [x, y] = place(this.#point(points, index));
        context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
      }
      context.globalAlpha = 1;
    };
    const line = (points, colour, thick) => {
      context.beginPath();
      for (let index = 0; index < points.length / this.dimensions; index++) {
        context.lineTo(...place(this.#point(points, index)));
      }
      context.strokeStyle = token(colour);
      context.lineWidth = thick;
      context.stroke();
    };
    dots(this.#real, '--real', 1, 0.35);
    line(this.#trail, '--muted', 1);
    dots(this.#trail, '--muted', 2, 0.8);
    line(this.#way, '--generator', 2);
    if (this.#nearest) {
      ring(context, place(this.#point(this.#nearest, 0)), token('--real'));
    }
    if (this.#sample) {
      const [x, y] = place(this.#point(this.#sample, 0));
      context.beginPath();
      context.arc(x, y, 6, 0, 2 * Math.PI);
      context.fillStyle = token('--generator');
      context.fill();
      context.lineWidth = 2;
      context.strokeStyle = token('--surface');
      context.stroke();
    }
  }
}

function ring(context, [x, y], colour) {
  context.beginPath();
  context.arc(x, y, 10, 0, 2 * Math.PI);
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.stroke();
}

function picture(id, label) {
  return element('canvas', { id, role: 'img', 'aria-label': label });
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function words({ index, distance, searched, training }) {
  const of = searched < training ? `${count(searched)} looked at, of ${count(training)}` : count(training);
  return `sample ${count(index)}, ${distance.toPrecision(2)} away, nearest of ${of}`;
}
