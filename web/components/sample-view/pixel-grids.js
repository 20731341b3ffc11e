/**
 * Generated and real images, grid beside grid, at the same scale.
 * @module
 */
import { element } from '../../app/dom.js';

class PixelGrid {
  #bitmap = null;
  #asked = 0;

  constructor(id, label, tone) {
    this.canvas = element('canvas', { id, 'data-testid': id, role: 'img', 'aria-label': label });
    this.node = element(
      'figure',
      {},
      element('figcaption', {}, element('span', {}, element('span', { class: `swatch ${tone}` }), label)),
      this.canvas,
    );
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
    this.canvas.width = width;
    this.canvas.height = height;
    const context = this.canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(large, 0, 0, width, height);
  }
}

export class PixelGrids {
  #generated = new PixelGrid('sample-canvas', 'Generated', 'generator');
  #real = new PixelGrid('real-canvas', 'Real', 'real');
  nodes = [this.#generated.node, this.#real.node];

  /** @param {ArrayBuffer} png */
  generated(png, step) {
    this.#generated.load(png, step);
  }

  real(png, step) {
    this.#real.load(png, step);
  }

  redraw() {
    this.#generated.draw();
    this.#real.draw();
  }
}
