/**
 * Generated and real images, grid beside grid, at the same scale; over the generated ones what D would have of them, and a pointer on any
 * image reads its score.
 * @module
 */
import { element, setText } from '../../app/dom.js';
import { isProbability, scorer } from '../../app/scene.js';
import { rgb } from './canvas.js';
import { LogitPlot } from './logit-plot.js';

/** Pixels between two images of a grid. */
export const GAP = 2;
/** The strongest gradient's opacity. */
const OPACITY = 0.9;

class PixelGrid {
  #bitmap = null;
  #asked = 0;
  #overlay = null;
  #size;

  constructor(id, label, tone, [height, width]) {
    this.#size = { height, width };
    this.logits = null;
    this.canvas = element('canvas', { id, 'data-testid': id, role: 'img', 'aria-label': label });
    this.told = element('span', { class: 'number score', id: `${id}-score` });
    this.node = element(
      'figure',
      {},
      element('figcaption', {}, element('span', {}, element('span', { class: `swatch ${tone}` }), label), this.told),
      this.canvas,
    );
    this.canvas.addEventListener('pointermove', (event) => this.#tell(event));
    this.canvas.addEventListener('pointerdown', (event) => this.#tell(event));
    this.canvas.addEventListener('pointerleave', (event) => event.pointerType === 'touch' || setText(this.told, ''));
  }

  get #columns() {
    return Math.round((this.#bitmap.width + GAP) / (this.#size.width + GAP));
  }

  async load(png, step) {
    const asked = ++this.#asked;
    const bitmap = await createImageBitmap(new Blob([png], { type: 'image/png' }));
    // Decoding is not always done in the order it was asked for.
    if (asked === this.#asked) {
      this.#bitmap?.close();
      this.#bitmap = bitmap;
      this.canvas.style.aspectRatio = `${bitmap.width} / ${bitmap.height}`;
      this.canvas.dataset.step = step;
      this.draw();
    }
  }

  /** @param {{shape: number[], values: Float32Array}|null} push `[n, height, width]`, laid over the images */
  lay(push) {
    this.#overlay = push && overlay(push);
    this.canvas.toggleAttribute('data-push', this.#overlay !== null);
    this.draw();
  }

  /**
   * Enlarges by whole pixels to at least the size wanted, then shrinks smoothly: every pixel of the sample stays sharp, and
   * all have the same size, which neither does alone.
   */
  draw() {
    const bitmap = this.#bitmap;
    if (!bitmap || this.canvas.clientWidth === 0) {
      return;
    }
    const width = Math.round(this.canvas.clientWidth * (devicePixelRatio || 1));
    const height = Math.round((width * bitmap.height) / bitmap.width);
    const times = Math.max(1, Math.ceil(width / bitmap.width));
    const large = new OffscreenCanvas(times * bitmap.width, times * bitmap.height);
    const enlarge = large.getContext('2d');
    enlarge.imageSmoothingEnabled = false;
    enlarge.drawImage(bitmap, 0, 0, large.width, large.height);
    this.#overlay?.forEach((image, index) => {
      const left = (index % this.#columns) * (this.#size.width + GAP);
      const top = Math.floor(index / this.#columns) * (this.#size.height + GAP);
      enlarge.drawImage(image, left * times, top * times, this.#size.width * times, this.#size.height * times);
    });
    this.canvas.width = width;
    this.canvas.height = height;
    const context = this.canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(large, 0, 0, width, height);
  }

  /** The number of the image under the pointer, or -1. */
  cellAt(event) {
    const box = this.canvas.getBoundingClientRect();
    if (!this.#bitmap) {
      return -1;
    }
    const scale = this.#bitmap.width / box.width;
    const column = Math.floor(((event.clientX - box.left) * scale) / (this.#size.width + GAP));
    const row = Math.floor(((event.clientY - box.top) * scale) / (this.#size.height + GAP));
    return column < this.#columns ? row * this.#columns + column : -1;
  }

  /** What D thinks of the image under the pointer. */
  #tell(event) {
    const logit = this.logits?.values[this.cellAt(event)];
    setText(this.told, logit === undefined ? '' : this.words(logit));
  }
}

/** An image of each sample's gradient: orange where brighter would fool D, blue where darker would. */
function overlay({ shape, values }) {
  const [count, height, width] = shape;
  const brighter = rgb('--generator');
  const darker = rgb('--discriminator');
  return Array.from({ length: count }, (_, index) => {
    const part = values.subarray(index * height * width, (index + 1) * height * width);
    const most = part.reduce((best, value) => Math.max(best, Math.abs(value)), 0) || 1; // each against its own strongest
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d');
    const image = context.createImageData(width, height);
    part.forEach((value, pixel) => {
      image.data.set([...(value > 0 ? brighter : darker), 255 * OPACITY * (Math.abs(value) / most)], 4 * pixel);
    });
    context.putImageData(image, 0, 0);
    return canvas;
  });
}

export class PixelGrids {
  #generated;
  #real;
  #logits = new LogitPlot();
  #scene = null;
  #laid = null;

  constructor({ shape }, objective) {
    this.objective = objective;
    this.#generated = new PixelGrid('sample-canvas', 'Generated', 'generator', shape);
    this.#real = new PixelGrid('real-canvas', 'Real', 'real', shape);
    this.nodes = [this.#generated.node, this.#real.node, this.#logits.node];
  }

  /** @param {ArrayBuffer} png */
  generated(png, step) {
    return this.#generated.load(png, step);
  }

  /** The number of the generated image that was clicked, or -1. */
  cellAt(event) {
    return event.target === this.#generated.canvas ? this.#generated.cellAt(event) : -1;
  }

  /** What is kept of it as a picture. */
  picture() {
    return this.#generated.canvas;
  }

  real(png, step) {
    this.#real.load(png, step);
  }

  /** @param {import('../../app/scene.js').Scene|null} scene @param {Set<string>} layers */
  duel(scene, layers) {
    const score = scene && scorer(this.objective, scene);
    for (const [grid, logits] of [
      [this.#generated, scene?.fakeLogits],
      [this.#real, scene?.realLogits],
    ]) {
      grid.logits = logits ?? null;
      grid.words = (logit) =>
        isProbability(this.objective) ? `D says ${(100 * score(logit)).toFixed(1)} % real` : `D’s logit ${logit.toFixed(2)}`;
    }
    const laid = scene && layers.has('pixels') ? scene.push : null;
    if (laid !== this.#laid) {
      this.#laid = laid;
      this.#generated.lay(laid);
    }
    this.#scene = scene;
    this.#logits.draw(layers.has('scores') ? scene : null);
  }

  redraw() {
    this.#generated.draw();
    this.#real.draw();
    this.#logits.draw(this.#logits.node.hidden ? null : this.#scene);
  }
}
