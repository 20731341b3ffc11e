/**
 * A grid of images in one PNG, cell by cell.
 * @module
 */

import { GAP } from '../sample-view/pixel-grids.js';

export class Sheet {
  /** @param {ImageBitmap} bitmap @param {number[]} shape of one image, `[height, width, channels]` */
  constructor(bitmap, [height, width]) {
    this.bitmap = bitmap;
    this.width = width;
    this.height = height;
    this.columns = Math.round((bitmap.width + GAP) / (width + GAP));
  }

  /** @param {BlobPart} png */
  static async of(png, shape) {
    return new Sheet(await createImageBitmap(new Blob([png], { type: 'image/png' })), shape);
  }

  /** Draws image `index` into a rectangle, every pixel sharp. */
  draw(context, index, x, y, width, height) {
    const left = (index % this.columns) * (this.width + GAP);
    const top = Math.floor(index / this.columns) * (this.height + GAP);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.bitmap, left, top, this.width, this.height, x, y, width, height);
  }
}
